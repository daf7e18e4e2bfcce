"""Read ``endpoints.yml``: where the bot's helpers live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .errors import nearest
from .files.yaml_file import Faults, YamlFile, plain, read_settings_file

_ADDRESSES = ("action_endpoint", "nlg", "nlu", "models")
_SERVICES = ("tracker_store", "lock_store", "event_broker")
_RASA_PRO = ("tracing", "metrics", "vault", "secrets_manager", "anonymization", "model_groups")
_ADDRESS_KEYS = (
    "url", "params", "headers", "basic_auth", "token", "token_name", "cafile", "type",
    "wait_time_between_pulls", "enable_selective_domain", "actions_module",
)  # fmt: skip
_ANY_SERVICE = ("type", "url", "db", "username", "password", "port", "key_prefix")
_TLS = ("use_ssl", "ssl_certfile", "ssl_keyfile", "ssl_ca_certs")
_TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "tracker_store": {
        "inmemory": (), "in_memory": (),
        "sql": ("dialect", "login_db", "query"),
        "redis": ("record_exp", *_TLS),
        "mongod": ("auth_source", "collection"),
        "dynamo": ("table_name", "tablename", "region"),
    },
    "lock_store": {
        "in_memory": (), "redis": ("socket_timeout", *_TLS),
        "concurrent_redis": ("socket_timeout", *_TLS),
    },
    "event_broker": {
        "pika": ("queues", "queue", "should_keep_unpublished_messages", "raise_on_failure",
                 "connection_attempts", "retry_delay_in_seconds", "exchange_name", "exchange"),
        "kafka": ("topic", "client_id", "partition_by_sender", "sasl_username", "sasl_password",
                  "sasl_mechanism", "ssl_cafile", "ssl_certfile", "ssl_keyfile",
                  "ssl_check_hostname", "security_protocol"),
        "sql": ("dialect",), "file": ("path",),
    },
}  # fmt: skip
_DEFAULT_TYPE = {"tracker_store": "inmemory", "lock_store": "in_memory", "event_broker": "pika"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server that is asked over HTTP.

    Attributes:
        url: Where it is; ``None`` where actions are a Python module.
        params: Of every request's query.
        headers: Of every request.
        basic_auth: ``username`` and ``password``.
        token: Sent in the query under `token_name`.
        cafile: Certificate authorities that it is checked against.
        options: Other keys.
    """

    url: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, Any] = field(default_factory=dict)
    basic_auth: dict[str, str] = field(default_factory=dict)
    token: str | None = None
    token_name: str = "token"
    cafile: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A store or a broker: its type in lower case, or a class path, and its options."""

    type: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """What a bot uses.

    Attributes:
        action_endpoint: The action server; ``None`` where actions are Python files of the bot.
        nlg: Writes responses.
        nlu: Reads messages.
        models: Gives models out.
        tracker_store: Keeps conversations.
        lock_store: Keeps the turns of conversations apart.
        event_broker: Is told every event.
        unused: Keys that are read by Rasa and have no meaning here.
    """

    action_endpoint: Address | None = None
    nlg: Address | None = None
    nlu: Address | None = None
    models: Address | None = None
    tracker_store: Service | None = None
    lock_store: Service | None = None
    event_broker: Service | None = None
    unused: tuple[str, ...] = ()

    @property
    def actions(self) -> str | None:
        """The address of the action server."""
        return self.action_endpoint.url if self.action_endpoint else None


def read_endpoints(path: Path) -> Endpoints:
    """Read the file; a missing one means no endpoints.

    Raises:
        BotFilesError: All faults of the file.
    """
    faults = Faults(path.parent)
    file = read_settings_file(path, faults)
    found: dict[str, Any] = {}
    if file is not None:
        section = file.mapping(file.data, "endpoints")
        for key, value in section.items():
            _check_name(file, str(key))
            if key in _ADDRESSES and value is not None:
                found[key] = _address(file, section, key)
            elif key in _SERVICES and value is not None:
                found[key] = _service(file, section, key)
        found["unused"] = tuple(
            str(key) for key in section if key not in ("action_endpoint", "nlg", "version")
        )
    faults.raise_all()
    return Endpoints(**found)


def _check_name(file: YamlFile, key: str) -> None:
    """A misspelt name is a fault; Rasa lets any other key pass, and so do we."""
    known = (*_ADDRESSES, *_SERVICES, *_RASA_PRO, "version")
    if key not in known and get_close_matches(key, known, n=1, cutoff=0.75):
        file.fault(file.data, f"endpoints has no key {key!r}. {nearest(key, known)}", key=key)


def _address(file: YamlFile, section: Mapping[str, Any], key: str) -> Address:
    found = file.mapping(section[key], key, known=_ADDRESS_KEYS, place=(section, key))
    url = found.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        if not found.keys() & {"actions_module", "type"}:
            file.fault(found or section, f"{key} needs a url that begins with http.", key="url")
        url = None
    texts, own = ("params", "headers", "basic_auth"), {"url", "token", "token_name", "cafile"}
    for name in texts:
        if found.get(name) is not None:
            file.mapping(found[name], name, place=(found, name))
    return Address(
        url=url if url is None else str(url),
        **{name: plain(found.get(name) or {}) for name in texts},
        token=file.name_at(found, "token"),
        token_name=file.name_at(found, "token_name") or "token",
        cafile=file.name_at(found, "cafile"),
        options={k: plain(v) for k, v in found.items() if k not in own and k not in texts},
    )


def _service(file: YamlFile, section: Mapping[str, Any], key: str) -> Service:
    found = file.mapping(section[key], key, place=(section, key))
    of = file.name_at(found, "type") or _DEFAULT_TYPE[key]
    types = _TYPES[key]
    if "." not in of:
        of = of.lower()
        if of not in types:
            hint = nearest(of, types)
            file.fault(found, f"{key}: no type is called {of!r}. {hint}", key="type")
        else:
            file.mapping(found, f"{key} of type {of}", known=(*_ANY_SERVICE, *types[of]))
    return Service(type=of, options={k: plain(v) for k, v in found.items() if k != "type"})
