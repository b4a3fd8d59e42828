"""The system as one graph: every node and every edge has evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.describe import count
from filot_lint.documents.forms import is_postgres
from filot_lint.documents.graph import LANES, UNKNOWN, Edge, Graph, Lane, Node, group_nodes
from filot_lint.documents.topology import Container, Deployable, certainly_runs, starts_nothing
from filot_lint.facts import DatabaseConnection, Fact, Listener
from filot_lint.secrets import may_show, published_by
from filot_lint.source import Location
from filot_lint.values import Join, Value, constant, env_names, literals, options

_CONNECTIONS: tuple[tuple[str, Lane, str], ...] = (
    ("RedisConnection", "stores", "Redis"),
    ("DatabaseConnection", "stores", "PostgreSQL"),
    ("ObjectStoreClient", "stores", "object store"),
    ("TemporalConnection", "external", "Temporal"),
)
_ADDRESSES = ("url", "endpoint", "address", "host")
_OUR_OWN = frozenset({"PUBLIC", "APP", "API", "SITE", "SERVER", "BACKEND", "WEB", "FRONTEND"})
_SERVICE_NAMES = ("_API_URL", "_BASE_URL", "_SERVICE_URL", "_API_BASE", "_WEBHOOK_URL")


class _Builder:
    """Collects nodes and edges, joining those of the same identity."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str, str], Edge] = {}

    def node(self, key: str, lane: Lane, title: str, note: str, evidence: Iterable[Location]) -> str:
        known = self.nodes.get(key)
        places = tuple(dict.fromkeys((*(known.evidence if known else ()), *evidence)))
        self.nodes[key] = Node(key, lane, title, note, places)
        return key

    def edge(self, source: str, target: str, label: str, evidence: Iterable[Location]) -> None:
        known = self.edges.get((source, target, label))
        places = tuple(dict.fromkeys((*(known.evidence if known else ()), *evidence)))
        self.edges[source, target, label] = Edge(source, target, label, places)

    def owners(self, fact: Fact) -> Iterator[str]:
        """Yield the nodes of the deployables that contain a fact; the workspace stands in when none does."""
        names = [name for name in fact.components if f"app:{name}" in self.nodes]
        if names:
            yield from (f"app:{name}" for name in names)
        else:
            yield self.node("app:", "services", "other code", "no deployable reaches it", (fact.location,))

    def runners(self, fact: Fact) -> Iterator[str]:
        """Yield the nodes of those that contain a fact and may get to it; what one never calls it does not do."""
        idle = {f"app:{name}" for name in fact.uncalled}
        owners = list(self.owners(fact))
        yield from [owner for owner in owners if owner not in idle] or owners

    def sure(self, label: str, owner: str, fact: Fact) -> str:
        """Return the label, with `may` when the code is reached but perhaps not run, `would` when nothing starts it."""
        component = self.context.index.component(owner.removeprefix("app:"))
        if component is not None and starts_nothing(component):
            return f"would {label}"
        sure = component is None or certainly_runs(component, fact, self.context.index.components)
        return label if sure else f"may {label}"


def build_graph(context: Context) -> Graph:
    """Draw what the context knows."""
    builder = _Builder(context)
    for deployable in context.deployables:
        _add_deployable(builder, deployable)
    for deployable in context.deployables:
        _add_configuration(builder, deployable)
    _add_clients(builder)
    _add_queues(builder)
    _add_connections(builder)
    _add_services(builder)
    return _finish(builder)


def _add_deployable(builder: _Builder, deployable: Deployable) -> None:
    lane: Lane = "workers" if deployable.role == "worker" or deployable.gpu else "services"
    note = deployable.role + (", GPU" if deployable.gpu else "")
    note += ", starts nothing" if starts_nothing(deployable.component) else ""
    first = [c.spec.location for c in deployable.containers]
    entries = [Location(entry, 1, 1, 1, 1) for entry in deployable.component.entries]
    builder.node(f"app:{deployable.name}", lane, deployable.name, note, (*first, *entries))


def _add_configuration(builder: _Builder, deployable: Deployable) -> None:
    for container in deployable.production_containers:
        spec = container.spec
        title = spec.family or spec.name
        key = builder.node(f"manifest:{spec.file}:{spec.name}", "configuration", title, spec.file, (spec.location,))
        builder.edge(key, f"app:{deployable.name}", _given(container), (spec.location,))


def _given(container: Container) -> str:
    return f"{count(container.settings, 'setting')}, {count(container.secrets, 'secret')}"


def _add_clients(builder: _Builder) -> None:
    for fact in builder.context.of("Listener"):
        if not isinstance(fact, Listener):
            continue
        for owner in builder.owners(fact):
            if builder.nodes[owner].lane == "services":
                client = builder.node("clients", "clients", "callers", "of the listening ports", (fact.location,))
                builder.edge(client, owner, f"port {_port(fact.port)}", (fact.location,))


def _port(value: Value | None) -> str:
    """Name a port as shells do, so that a variable is not taken for a number or a word."""
    return ("$" if env_names(value) else "") + (_short(value) or "not determined")


def _add_queues(builder: _Builder) -> None:
    for queue in builder.context.queues:
        if not queue.determined:
            continue
        key = f"queue:{queue.kind}:{queue.label}"
        note = queue.kind + "".join(f", {lack}" for lack in queue.lacks)
        builder.node(key, "queues", queue.label, note, (u.location for u in queue.uses))
        for use in queue.producers:
            for owner in builder.runners(use):
                builder.edge(
                    owner, key, builder.sure("publish" if queue.is_channel else "enqueue", owner, use), (use.location,)
                )
        for use in queue.consumers:
            for owner in builder.runners(use):
                builder.edge(
                    key, owner, builder.sure("listen" if queue.is_channel else "consume", owner, use), (use.location,)
                )


def _add_connections(builder: _Builder) -> None:
    for kind, lane, title in _CONNECTIONS:
        facts = builder.context.of(kind)
        for fact in facts:
            address = _address(fact, facts) or UNKNOWN
            any_store = isinstance(fact, DatabaseConnection) and not is_postgres(builder.context, fact)
            called = "database" if any_store else title
            key = builder.node(f"{called}:{address}", lane, called, address, (fact.location,))
            for owner in builder.owners(fact):
                builder.edge(owner, key, "connect", (fact.location,))


def _address(fact: Fact, facts: tuple[Fact, ...]) -> str | None:
    """Name where the address comes from; a call without one uses the only one its deployables know."""
    value = _written_address(fact)
    if value is not None:
        return _short(value)
    mates = (f for f in facts if set(f.components) & set(fact.components) or f.components == fact.components)
    known = {_short(address) for mate in mates if (address := _written_address(mate)) is not None}
    return known.pop() if len(known) == 1 else None


def _written_address(fact: Fact) -> Value | None:
    values = (getattr(fact, field, None) for field in _ADDRESSES)
    return next((value for value in values if value is not None), None)


def _add_services(builder: _Builder) -> None:
    for variable in builder.context.needed:
        if names_a_service(variable) and variable.group.id not in {"redis", "postgres", "r2", "temporal"}:
            places = [read.location for read in variable.production if read.access == "read"]
            if not places:
                continue
            title = _foreign(variable.name).rpartition("_API")[0] or variable.name.rpartition("_")[0]
            key = builder.node(f"service:{variable.name}", "external", title, variable.name, places)
            for read in variable.production:
                for owner in builder.owners(read):
                    builder.edge(owner, key, "reads address", (read.location,))


def names_a_service(variable: Variable) -> bool:
    """Whether a name is that of somebody else's address; `PUBLIC_API_URL` and `VITE_API_BASE_URL` are our own."""
    return variable.name.endswith(_SERVICE_NAMES) and _foreign(variable.name).partition("_")[0] not in _OUR_OWN


def _foreign(name: str) -> str:
    """Return a name without the words that only say that browsers get it."""
    return name.removeprefix(published_by(name) or "")


def _short(value: Value | None) -> str | None:
    """Name where a value comes from, in one word, if source shows it."""
    names = env_names(value)
    if names and value is not None:
        parts = {", ".join(sorted(env_names(o))) for o in options(value) if isinstance(o, Join) and env_names(o)}
        return " or ".join(sorted(parts | {name for name in names if not any(name in part for part in parts)}))
    text = constant(value) or next((x.text for x in literals(value) if x.text), None)
    return text if text is not None and may_show(None, text) and "@" not in text else None


def _finish(builder: _Builder) -> Graph:
    order = {lane: position for position, lane in enumerate(LANES)}
    nodes = sorted(builder.nodes.values(), key=lambda n: (order[n.lane], n.id))
    edges = sorted(builder.edges.values(), key=lambda e: (e.source, e.target, e.label))
    sure = {(edge.source, edge.target, f"may {edge.label}") for edge in edges}
    said = [e for e in edges if (e.source, e.target, e.label) not in sure]
    return group_nodes(nodes, said)
