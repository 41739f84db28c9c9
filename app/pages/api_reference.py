"""The description of the API, arranged for reading; the facts are those of /openapi.json."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What may come back.

    Attributes:
        status: The HTTP status.
        meaning: What it means, in words.
        content: The schema of the answer by media type.
    """

    status: str
    meaning: str
    content: Mapping[str, Document]


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked.

    Attributes:
        anchor: Its place on the page.
        method: The HTTP method, in capitals.
        path: The path, with the names of its parts in braces.
        description: What it does.
        parameters: Its parameters as the document has them.
        body: The schema of what is sent, by media type.
        answers: What may come back, by status.
        can_be_tried: Whether a plain link or form of the page can ask it.
    """

    anchor: str
    method: str
    path: str
    description: str
    parameters: Sequence[Document]
    body: Mapping[str, Document]
    answers: Sequence[Answer]

    @property
    def can_be_tried(self) -> bool:
        """Whether a form without scripts can ask it: only reads, with nothing inside the path."""
        return self.method == "GET" and "{" not in self.path

    @property
    def needed(self) -> list[Document]:
        """The parameters that must be given."""
        return [each for each in self.parameters if each.get("required")]


@dataclass(frozen=True)
class Group:
    """Operations about one subject."""

    name: str
    operations: Sequence[Operation]


def group_operations(document: Document) -> list[Group]:
    """Return the operations of an OpenAPI 3.1 document by their first tag, in its own order."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if found := item.get(method):
                name = (found.get("tags") or ["other"])[0]
                groups.setdefault(name, []).append(_read_operation(path, method, item, found))
    return [Group(name, operations) for name, operations in groups.items()]


def _read_operation(path: str, method: str, item: Document, found: Document) -> Operation:
    return Operation(
        anchor=f"{method}-{re.sub(r'[^A-Za-z0-9]+', '-', path).strip('-')}",
        method=method.upper(),
        path=path,
        description=found.get("description") or found.get("summary", ""),
        parameters=[*item.get("parameters", ()), *found.get("parameters", ())],
        body=_read_content(found.get("requestBody", {})),
        answers=list(_read_answers(found["responses"])),
    )


def _read_answers(responses: Document) -> Iterator[Answer]:
    for status, response in responses.items():
        yield Answer(status, response.get("description", ""), _read_content(response))


def _read_content(holder: Document) -> dict[str, Document]:
    return {
        media_type: entry.get("schema", {})
        for media_type, entry in holder.get("content", {}).items()
    }
