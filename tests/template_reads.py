"""Which keys a `.vue` reads of the rows that it is given: a small reader of its expressions, which follows rows by their types.

A row is followed from the traits through `v-for`, arrow functions, local names, computed properties, and the methods, functions and
parts it is handed to.
What it cannot follow has no type, and says nothing: a key read only there counts as unread, which the test tells.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints, is_typeddict

Kind = Any  # a TypedDict, list[…], dict[str, …], the kinds of an object literal by name, or None: not one of ours
Scope = dict[str, Kind]
Key = tuple[Any, str]  # a TypedDict, and one of its keys


def origin(kind: Kind) -> Any:
    """typing's own is typed for kinds known to mypy."""
    return get_origin(kind)


class Group(NamedTuple):
    """What stands between two brackets."""

    opening: str
    inside: list[Any]


Tokens = list[Any]  # texts and groups

TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|`(?P<template>[^`]*)`|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    r"|(?P<name>[\w$]+)|(?P<sign>=>|\?\.|\.\.\.|&&|\|\||[=!<>]==?|.)",
    re.DOTALL,
)
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/\w*")  # a regular expression, where a value may begin
PIECE = re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}")  # of a template text
CLOSING = {")", "]", "}"}
SAME = {"filter", "slice", "sort", "reverse"}  # methods of lists, by what they give
ITEM = {"find", "at", "pop", "shift"}
VOID = {"input", "br", "col", "hr", "img"}


def tokens(code: str) -> Tokens:
    stack: list[Tokens] = [[]]
    at = 0
    while at < len(code):
        last = stack[-1][-1] if stack[-1] else ""
        begins = (not isinstance(last, Group) and not re.fullmatch(r"[\w$]+", last)) or last == "return"
        found = (PATTERN.match(code, at) if begins and code[at : at + 2] not in ("//", "/*") else None) or TOKEN.match(code, at)
        assert found
        at = found.end()
        kind, text = found.lastgroup, found.group()
        if kind == "template":
            stack[-1].append(Group("`", [token for part in PIECE.findall(text) for token in [*tokens(part), ","]]))
        elif kind == "text" or kind is None:
            stack[-1].append("''")
        elif text in "([{":
            group = Group(text, [])
            stack[-1].append(group)
            stack.append(group.inside)
        elif text in CLOSING:
            stack.pop()
        elif kind != "skip":
            stack[-1].append(text)
    assert len(stack) == 1, "brackets do not match"
    return stack[0]


def parts(all_: Tokens, by: str = ",") -> Iterator[Tokens]:
    part: Tokens = []
    for token in all_:
        if token == by:
            yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def is_group(token: Any, opening: str) -> bool:
    return isinstance(token, Group) and token.opening == opening


def item_of(kind: Kind) -> Kind:
    """Of a list or a dict of rows, the kind of one."""
    item = get_args(kind)[-1] if origin(kind) in (list, dict) else None
    return item if isinstance(item, dict) else bare(item)


def bare(kind: Kind) -> Kind:
    """Without « or None »."""
    if origin(kind) in (Union, types.UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    return kind if is_typeddict(kind) or origin(kind) in (list, dict) else None


def merged(old: Kind, new: Kind) -> Kind:
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: merged(old.get(name), new.get(name)) for name in old | new}
    if origin(old) is list and isinstance(item_of(old), dict):
        return types.GenericAlias(list, (merged(item_of(old), item_of(new)),))
    return new if old is None else old


class Reader:
    """Reads code; `read` and `unknown` grow with the keys of rows that it reads, and those that the rows do not have."""

    def __init__(self, given: dict[str, Kind]) -> None:
        self.members: Scope = dict(given)  # of the component: traits, data, computed
        self.functions: set[str] = set()  # of its script, beside the component
        self.returned: Scope = {}  # by its methods and functions
        self.parameters: dict[str, dict[int, Kind]] = {}  # of these
        self.read: set[Key] = set()
        self.unknown: set[Key] = set()

    def value(self, code: Tokens, scope: Scope, in_template: bool = False) -> Kind:
        """Read a piece of code, which leaves its names in `scope`; its kind is that of its first path that has one."""
        found: Kind = None
        at = 0
        while at < len(code):
            token, after = code[at], code[at + 1] if at + 1 < len(code) else ""
            if token in ("?", "&&", "return"):
                found, at = None, at + 1  # what came before was a condition
            elif after == "=>":
                end = next((place for place in range(at, len(code)) if code[place] in (",", ";")), len(code))
                self.arrow(code[at:end], scope, None, in_template)
                at = end
            elif after == "=" and (isinstance(token, str) or token.opening == "{"):
                end = next((place for place in range(at, len(code)) if code[place] in (",", ";")), len(code))
                self.bind(token, self.value(code[at + 2 : end], scope, in_template), scope)
                at = end
            elif token == "of":
                self.bind(code[at - 1], item_of(self.value(code[at + 1 :], scope, in_template)), scope)
                at = len(code)
            elif isinstance(token, Group) or re.fullmatch(r"[A-Za-z_$][\w$]*", token):
                kind, at = self.path(code, at, scope, in_template)
                found = kind if found is None else found
            else:
                at += 1
        return found

    def bind(self, names: Any, kind: Kind, scope: Scope) -> None:
        """`name = …` or `{ name, name } = …`."""
        if isinstance(names, Group):
            for name in (part[0] for part in parts(names.inside) if isinstance(part[0], str)):
                scope[name] = self.member(kind, name) if names.opening == "{" else None
        else:
            scope[names] = kind

    def path(self, code: Tokens, at: int, scope: Scope, in_template: bool) -> tuple[Kind, int]:
        """`row.cells[0].text`, `this.rows.find((r) => …).ref`, `first(row)`, `[…]`, `{…}`; and where it ends."""
        token = code[at]
        at += 1
        own = in_template and token not in scope if isinstance(token, str) else False
        kind: Kind = None
        if isinstance(token, Group):
            kind = self.literal(token, scope, in_template)
        elif token == "this" and at + 1 < len(code) and code[at] == ".":
            token, own, at = code[at + 1], True, at + 2
            if at < len(code) and code[at] == "=":
                end = next((place for place in range(at, len(code)) if code[place] in (",", ";")), len(code))
                self.members[token] = merged(self.members.get(token), self.value(code[at + 1 : end], scope, in_template))
                return None, end
            kind = self.members.get(token)
        else:
            kind = scope.get(token, self.members.get(token) if own else None)
        if own and at < len(code) and is_group(code[at], "("):
            kind, at = self.call_own(token, code[at], scope, in_template), at + 1
        while at < len(code):
            if code[at] in (".", "?.") and at + 1 < len(code) and isinstance(code[at + 1], str):
                if at + 2 < len(code) and is_group(code[at + 2], "("):
                    kind, at = self.call(kind, code[at + 1], code[at + 2], scope, in_template), at + 3
                else:
                    kind, at = self.member(kind, code[at + 1]), at + 2
            elif is_group(code[at], "["):
                self.value(code[at].inside, scope, in_template)
                kind, at = self.computed_name(kind), at + 1
            elif is_group(code[at], "(") and isinstance(token, str):
                if token in self.functions:
                    kind = self.call_own(token, code[at], scope, in_template)
                else:
                    kind = self.value(code[at].inside, scope, in_template) and None
                at += 1
            else:
                break
        return kind, at

    def literal(self, group: Group, scope: Scope, in_template: bool) -> Kind:
        if group.opening == "{":
            made: Scope = {}
            found: Kind = None
            for part in parts(group.inside):
                name = part[0] if isinstance(part[0], str) else ""
                if part[1:2] == [":"]:
                    made[name] = self.value(part[2:], scope, in_template)
                elif len(part) == 1 and name:
                    made[name] = self.value(part, scope, in_template)
                else:
                    found = self.value(part, scope, in_template)
            return made or found
        if group.opening == "[":
            kinds = [(part[:1] == ["..."], self.value(part, scope, in_template)) for part in parts(group.inside)]
            lists = [kind if spread else types.GenericAlias(list, (kind,)) for spread, kind in kinds if kind is not None]
            return next((each for each in lists if bare(item_of(each))), lists[0] if lists else None)  # ours before objects made here
        return self.value(group.inside, scope, in_template)

    def arrow(self, code: Tokens, scope: Scope, item: Kind, in_template: bool) -> Kind:
        """`x => …`, `(x, i) => …`, `({ key }) => …`; `item` is the kind of the first parameter."""
        inner = dict(scope)
        for place, name in enumerate([code[0]] if isinstance(code[0], str) else [part[0] for part in parts(code[0].inside)]):
            self.bind(name, None if place else item, inner)
        return self.value(code[2:], inner, in_template)

    def call(self, kind: Kind, method: str, group: Group, scope: Scope, in_template: bool) -> Kind:
        """A method of a list of rows, or of anything."""
        result: Kind = None
        for part in parts(group.inside):
            if part[1:2] == ["=>"]:
                result = self.arrow(part, scope, item_of(kind) if origin(kind) is list else None, in_template)
            else:
                self.value(part, scope, in_template)
        if origin(kind) is not list:
            return None
        made: dict[str, Kind] = {"map": types.GenericAlias(list, (result,)), "flatMap": result}
        return kind if method in SAME else item_of(kind) if method in ITEM else made.get(method)

    def call_own(self, method: str, group: Group, scope: Scope, in_template: bool) -> Kind:
        for place, part in enumerate(parts(group.inside)):
            kind = self.value(part, scope, in_template)
            known = self.parameters.setdefault(method, {})
            known[place] = merged(known.get(place), kind)
        return self.returned.get(method)

    def member(self, kind: Kind, name: str) -> Kind:
        if isinstance(kind, dict):
            return kind.get(name)
        if is_typeddict(kind):
            hints = get_type_hints(kind)
            (self.read if name in hints else self.unknown).add((kind, name))
            return bare(hints.get(name))
        return item_of(kind) if origin(kind) is dict else None

    def computed_name(self, kind: Kind) -> Kind:
        if is_typeddict(kind):  # any of them
            self.read |= {(kind, name) for name in get_type_hints(kind)}
        return item_of(kind)

    def script(self, code: str) -> None:
        """The component's functions: `data() {…}, computed: { rows() {…} }, watch: {…}, methods: {…}`."""
        head, found, body = code.partition("export default")
        beside = tokens(head)
        self.value(beside, {})
        for at in [place for place, token in enumerate(beside) if token == "function"]:
            name, given, function = beside[at + 1 : at + 4]
            self.functions.add(name)
            known = self.parameters.get(name, {})
            named = [(place, each[0]) for place, each in enumerate(parts(given.inside)) if isinstance(each[0], str)]
            self.returned[name] = self.value([function], {each: known.get(place) for place, each in named})
        if found:
            for name, given, function, section in functions(next(each for each in tokens(body) if isinstance(each, Group)).inside):
                scope: Scope = dict.fromkeys(given)
                known = self.parameters.get(name, {}) if section == "methods" else {0: self.members.get(name)} if section == "watch" else {}
                scope |= {each: known.get(place) for place, each in enumerate(given)}
                kind = self.value([function], scope)
                if section == "computed":
                    self.members[name] = merged(self.members.get(name), kind)
                elif section == "methods":
                    self.returned[name] = kind
                elif name == "data" and isinstance(kind, dict):
                    self.members |= {each: merged(self.members.get(each), of) for each, of in kind.items()}


def functions(body: Tokens, section: str = "", named: str = "") -> Iterator[tuple[str, list[str], Group, str]]:
    """Name, parameters, body and section of each."""
    for part in parts(body):
        part = part[1:] if part[0] == "async" and len(part) > 3 else part
        if len(part) >= 3 and is_group(part[1], "(") and is_group(part[2], "{"):
            names = [each[0] for each in parts(part[1].inside)]
            yield named or part[0], [name if isinstance(name, str) else "" for name in names], part[2], section
        elif len(part) == 3 and part[1] == ":" and is_group(part[2], "{"):
            yield from functions(part[2].inside, section or part[0], part[0] if section == "watch" else "")


class Template(HTMLParser):
    """Elements from the outside in, each with the names that it and those around it give."""

    def __init__(self, read: Callable[[str, Scope], Kind]) -> None:
        super().__init__()
        self._read = read
        self._open: list[tuple[str, Scope, Kind]] = [("", {}, None)]
        self._text = ""
        self.handed: dict[str, dict[str, Kind]] = {}  # by element, and by property

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._flush()
        written = {name: value or "" for name, value in attrs}
        scope, items = dict(self._open[-1][1]), self._open[-1][2]
        if loop := re.fullmatch(r"\s*\(?(\w+)(?:, (\w+))?\)?\s+(?:in|of)\s+(.*)", written.pop("v-for", ""), re.DOTALL):
            scope |= {loop[1]: item_of(self._read(loop[3], scope))} | ({loop[2]: None} if loop[2] else {})
        for name, value in written.items():
            if name.startswith(("#", "v-slot")):
                scope |= {each: {"raw": items} if each == "item" else None for each in re.findall(r"\w+", value)}
            elif name.startswith((":", "@", "v-")):
                kind = self._read(value, scope)
                items = item_of(kind) if name == ":items" else items
                known = self.handed.setdefault(tag, {})
                known[camel(name[1:])] = merged(known.get(camel(name[1:])), kind)
        for name in ("item-title", "item-value"):
            if name in written:
                self._read(f"item.{written[name]}", {"item": items})
        if tag not in VOID:
            self._open.append((tag, scope, items))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._text += data

    def _flush(self) -> None:
        for code in re.findall(r"\{\{(.*?)\}\}", self._text, re.DOTALL):
            self._read(code, self._open[-1][1])
        self._text = ""


def camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name)


def reads(source: str, given: dict[str, Kind], parts: Mapping[str, str] | None = None) -> Reader:
    """What the text of a `.vue` reads of the traits `given`, and its parts, whose texts are known by their elements."""
    reader = Reader(given)
    template = source[source.index("<template>") + len("<template>") : source.rindex("</template>")]
    script = re.search(r"<script>(.*?)</script>", source, re.DOTALL)
    for _ in range(4):  # what a method is handed, or gives back, is known once the others are read
        seen = Template(lambda code, scope: reader.value(tokens(code), dict(scope), in_template=True))
        seen.feed(template)
        reader.script(script[1] if script else "")
    for element, text in (parts or {}).items():
        if element in seen.handed:
            part = reads(text, seen.handed[element], parts)
            reader.read |= part.read
            reader.unknown |= part.unknown
    return reader
