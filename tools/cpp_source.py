"""Reading C++ sources without a compiler: comments and strings, lines, mutable variables with static storage."""

import re
from typing import Iterator

LITERAL_OR_COMMENT = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | R"(?P<delimiter>[^()\s\\]{0,16})\(.*?\)(?P=delimiter)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL | re.VERBOSE,
)
PREPROCESSOR_LINE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def without_comments(source: str, keep_strings: bool) -> str:
    """The source with comments, and string literals where not kept, blanked; every line keeps its number."""
    return LITERAL_OR_COMMENT.sub(
        lambda match: match[0] if keep_strings and not match["comment"] else blank(match[0]), source)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


NOT_A_VARIABLE = re.compile(
    r"\b(using|typedef|friend|namespace|struct|class|enum|union|concept|operator|requires|return|goto|delete)\b"
    r"|\bextern\s+template\b|^[,:)]")
SPECIFIERS = re.compile(r"\[\[.*?\]\]|\b(alignas|decltype|__attribute__)\s*\(+[^()]*\)+|\b(public|private|protected)\s*:(?!:)")


def is_mutable_variable(head: str) -> bool:
    """Whether the start of a declaration, up to its `;`, `{` or `=`, declares a variable that can change."""
    head = SPECIFIERS.sub(" ", head)
    previous = None
    while head != previous:  # template arguments, innermost first
        previous, head = head, re.sub(r"<[^<>]*>", " ", head)
    head = head.split("=")[0].strip()
    if NOT_A_VARIABLE.search(head) or not re.fullmatch(r"[\w:\s&*,\[\]]+", head) or len(head.split()) < 2:
        return False
    if "constexpr" in head:
        return False
    return not re.search(r"\bconst\b", head[head.rfind("*") + 1:])


def mutable_variables(code: str) -> Iterator[int]:
    """Offsets of mutable namespace-scope variables, and of mutable `static` or `thread_local` ones in any scope."""
    code = PREPROCESSOR_LINE.sub(lambda match: blank(match[0]), code)
    scopes: list[bool] = []  # per open brace: is it a namespace (or extern "C")?
    start = 0
    for brace in re.finditer(r"[;{}]", code):
        head = code[start:brace.start()]
        declaration = head.strip()
        static = re.match(r"(?:(?:public|private|protected)\s*:\s*)?(?:inline\s+)?(static|thread_local)\b", declaration)
        if brace[0] != "}" and (all(scopes) or static) and is_mutable_variable(declaration):
            yield start + len(head) - len(head.lstrip())
        if brace[0] == "{":
            scopes.append(bool(re.fullmatch(r"(inline\s+)?namespace\b[\w:\s]*|extern", declaration)))
        elif brace[0] == "}" and scopes:
            scopes.pop()
        start = brace.end()
