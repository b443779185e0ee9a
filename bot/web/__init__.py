"""The residents' site: the conversation API, the chat page, and a plain report form."""
