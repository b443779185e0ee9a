"""Replies in the API's place, for what only some messages carry; page and scripts are real."""


def message(text, *titles, **extra):
    buttons = [{"title": title, "payload": f"/{n}"} for n, title in enumerate(titles)]
    return {"text": text, "buttons": buttons, "sources": [], **extra}


class Canned:
    """Answers each message with the next of `turns`; `asked` is what was sent, oldest first."""

    def __init__(self, page, web, *turns):
        self.turns = list(turns)
        self.asked = []
        self.said = [{"from": "assistant", **message("Hello")}]
        self.status = {}  # of a path's end, when it should fail
        page.route("**/api/conversations**", self._answer)
        page.route("**/api/conversations/**", self._answer)
        page.goto(web)

    def _answer(self, route):
        request = route.request
        end = request.url.rsplit("/api/conversations", 1)[1]
        is_photo = request.method == "POST" and end.endswith("/photos")
        body = request.post_data_json if request.post_data and not is_photo else None
        self.asked.append((request.method, end, body))
        status, reply = self._reply(request.method, end, body)
        failing = self.status.get(end.rsplit("/", 1)[-1])
        if failing:
            status, reply = failing
        if status == 204:
            route.fulfill(status=204)
        else:
            route.fulfill(status=status, json=reply)

    def _reply(self, method, end, body):
        if method == "POST" and end == "":
            messages = [{k: v for k, v in one.items() if k != "from"} for one in self.said]
            return 201, {"conversation_id": "c", "token": "t", "messages": messages}
        if method == "POST" and end == "/c/messages":
            messages = self.turns.pop(0)
            self.said += [{"from": "resident", "text": body.get("text") or body["title"]}]
            self.said += [{"from": "assistant", **one} for one in messages]
            return 200, {"messages": messages}
        if method == "GET":
            return 200, {"messages": self.said}
        if method == "POST" and end == "/c/photos":
            return 201, {"photo": {"id": "p1", "number": 1}}
        return 204, None

    def sent(self, method, end):
        """The bodies that were sent there."""
        return [body for how, where, body in self.asked if (how, where) == (method, end)]
