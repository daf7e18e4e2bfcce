"""Read ``credentials.yml``: the channels that a bot speaks on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import nearest
from .files.yaml_file import Faults, YamlFile, plain, read_settings_file

_KEYS: dict[str, tuple[str, ...]] = {
    "rest": (),
    "cmdline": (),
    "callback": ("url",),
    "socketio": ("user_message_evt", "bot_message_evt", "namespace", "session_persistence",
                 "socketio_path", "jwt_key", "jwt_method", "metadata_key"),
    "slack": ("slack_token", "slack_channel", "slack_signing_secret", "proxy", "use_threads",
              "conversation_granularity", "errors_ignore_retry", "slack_retry_reason_header",
              "slack_retry_number_header"),
    "telegram": ("access_token", "verify", "webhook_url"),
    "facebook": ("verify", "secret", "page-access-token"),
    "twilio": ("account_sid", "auth_token", "twilio_number"),
    "twilio_voice": ("initial_prompt", "assistant_voice", "speech_timeout", "speech_model",
                     "enhanced", "reprompt_fallback_phrase"),
    "mattermost": ("url", "token", "webhook_url", "user", "pw", "team"),
    "rocketchat": ("user", "password", "server_url"),
    "botframework": ("app_id", "app_password"),
    "webexteams": ("access_token", "room"),
    "hangouts": ("project_id",),
    "rasa": ("url",),
}  # fmt: skip
_NEEDED: dict[str, tuple[str, ...]] = {
    "callback": ("url",),
    "slack": ("slack_token", "slack_signing_secret"),
    "telegram": ("access_token", "verify", "webhook_url"),
    "facebook": ("verify", "secret", "page-access-token"),
    "twilio": ("account_sid", "auth_token", "twilio_number"),
    "mattermost": ("url", "token"),
    "rocketchat": ("user", "password", "server_url"),
    "botframework": ("app_id", "app_password"),
    "webexteams": ("access_token",),
}
Channels = dict[str, dict[str, Any]]
"""Channel name, or the class path of a channel of one's own, to its settings."""


def read_credentials(path: Path) -> Channels:
    """Read the file; a missing one means no channels.

    Raises:
        BotFilesError: All faults of the file.
    """
    faults = Faults(path.parent)
    file = read_settings_file(path, faults)
    channels: Channels = {}
    if file is not None:
        section = file.mapping(file.data, "credentials")
        for name in (key for key in section if key != "version"):
            channels[str(name)] = _channel(file, section, str(name))
    faults.raise_all()
    return channels


def _channel(file: YamlFile, section: Mapping[str, Any], name: str) -> dict[str, Any]:
    known = _KEYS.get(name)
    if known is None and "." not in name:
        file.fault(section, f"no channel is called {name!r}. {nearest(name, _KEYS)}", key=name)
        return {}
    if not section[name]:  # ``rest:`` alone, or Rasa's ``rest: false`` placeholder
        found: Mapping[str, Any] = {}
    else:
        found = file.mapping(section[name], f"channel {name}", place=(section, name))
    for key in found:
        if known is not None and key not in known:
            hint = nearest(str(key), known)
            file.fault(found, f"channel {name} has no key {key!r}. {hint}", key=key)
    for key in _NEEDED.get(name, ()):
        if found.get(key) is None:
            file.fault(section, f"channel {name} needs {key}.", key=name)
    return {str(key): plain(value) for key, value in found.items()}
