"""The community safety assistant: answers, understanding, reports, and the two web sites."""
