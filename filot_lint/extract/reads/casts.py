"""What the text of a variable is turned into, in one small vocabulary for all libraries and both languages."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.logs import dotted
from filot_lint.syntax import expression as x
from filot_lint.values import Parameter, options

_WORDS = {
    "integer": "int Int parseInt Number.parseInt BigInt bigint integer port PortNumber IntPositive IntNegative",
    "number": "Number num number float Float parseFloat Number.parseFloat Decimal decimal decimal.Decimal",
    "boolean": "bool boolean Boolean boolish Bool BoolStrict stringbool strtobool distutils.util.strtobool",
    "list": "list tuple set frozenset sorted array Array Set Array.from Csv decouple.Csv",
    "json": "json Json JsonObject JsonArray JSON.parse json.loads orjson.loads yaml.safe_load ast.literal_eval dict",
    "url": "url URL Url UrlString UrlObject urllib.parse.urlparse urllib.parse.urlsplit urlparse"
    " db db_url dj_db_url cache cache_url email_url",
    "path": "path Path pathlib.Path path.resolve os.path.expanduser os.path.abspath",
    "date": "date datetime timedelta Date datetime.date.fromisoformat datetime.datetime.fromisoformat",
    "email": "email Email EmailStr",
    "secret": "secret SecretStr SecretBytes",
}
_CASTS = {word: cast for cast, words in _WORDS.items() for word in words.split()}
_FLAGS = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n", "enabled", "disabled"})
_SEPARATORS = frozenset({",", ";", "|", ""})
_HOPS = 6


def cast_of(word: str | None) -> str | None:
    """Return what a function, method or type of this name makes of a text; None where it stays one."""
    return None if word is None else _CASTS.get(word) or _CASTS.get(word.removeprefix("as"))


def parser_of(name: str) -> str | None:
    """Return what a function makes of its first argument, where that is more than text in another form."""
    return cast_of(name) if "." in name or name in {"strtobool", "urlparse"} else None


def split_of(call: x.Call) -> str | None:
    """Return `list` for a text that is split where lists are."""
    separator = call.arguments[0].value if call.arguments else None
    usual = isinstance(separator, x.Opaque) or (isinstance(separator, x.Text) and separator.text.strip() in _SEPARATORS)
    return "list" if separator is None or usual else None


def is_flag(expression: x.Expression) -> bool:
    """Return whether something is, or lists, the spellings of yes and no."""
    match expression:
        case x.Text(text=text):
            return text.lower() in _FLAGS
        case x.Array(items=items):
            return bool(items) and all(is_flag(item) for item in items)
        case x.Call(callee=callee, arguments=[only]) if dotted(callee) in {"Set", "set", "frozenset"}:
            return is_flag(only.value)
        case _:
            return False


class Casts:
    """Reads the functions of a file that turn a text into something else."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is read yet."""
        self.evaluator = evaluator
        self._known: dict[str, tuple[int, str] | None] = {}

    def of_function(self, key: str) -> tuple[int, str] | None:
        """Return the parameter that a function of this file turns into something else, and into what."""
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._of_function(key)
        return self._known[key]

    def is_list_of_flags(self, expression: x.Expression, scope: Scope) -> bool:
        """Return whether something, or the constant it names, lists the spellings of yes and no."""
        if isinstance(expression, x.Name):
            bindings = scope.lookup(expression.id) or []
            only = bindings[0].expression if len(bindings) == 1 and bindings[0].kind == "value" else None
            return only is not None and not isinstance(only, x.Text) and is_flag(only)
        return not isinstance(expression, x.Text) and is_flag(expression)

    def _of_function(self, key: str) -> tuple[int, str] | None:
        node = self.evaluator.scopes.functions[key]
        returned = self.evaluator.return_statements(node.body, self.evaluator.scopes.of(node))
        found: set[tuple[int, str]] = set()
        for statement, scope in returned:
            cast, subject = self._turned(statement.value, scope, _HOPS)
            every = options(self.evaluator.evaluate(subject, scope)) if cast is not None else ()
            found |= {
                (option.index, cast)
                for option in every
                if cast is not None and isinstance(option, Parameter) and option.function == key
            }
        return next(iter(found)) if len(found) == 1 else None

    def _turned(self, value: x.Expression | None, scope: Scope, hops: int) -> tuple[str | None, x.Expression | None]:
        """Return what an expression turns something into, and that something."""
        if hops == 0:
            return None, None
        match value:
            case x.Binary(operator="==" | "!=", left=left, right=right):
                return ("boolean", left) if is_flag(right) else ("boolean", right) if is_flag(left) else (None, None)
            case x.Binary(operator="in" | "not in", left=left, right=right):
                return ("boolean", left) if self.is_list_of_flags(right, scope) else (None, None)
            case x.Binary(operator="or" | "and" | "coalesce", left=left, right=right):
                found = self._turned(left, scope, hops - 1)
                return found if found[0] is not None else self._turned(right, scope, hops - 1)
            case x.Choice(yes=yes, no=no):
                found = self._turned(yes, scope, hops - 1)
                return found if found[0] is not None else self._turned(no, scope, hops - 1)
            case x.Unary(operator="+", operand=operand):
                return "number", operand
            case x.Comprehension(clauses=[clause, *_], key=None):
                return self._turned(clause.iterable, scope, hops - 1)
            case x.Call(callee=x.Member(object=inner, name="split")):
                return split_of(value), inner
            case x.Call(callee=x.Member(object=inner, name="includes" | "has"), arguments=[only]):
                return ("boolean", only.value) if self.is_list_of_flags(inner, scope) else (None, None)
            case x.Call(callee=x.Member(object=inner, name="map" | "filter")):
                return self._turned(inner, scope, hops - 1)
            case x.Call(callee=callee, arguments=[first, *_]):
                return cast_of(dotted(callee)), first.value
            case _:
                return None, None
