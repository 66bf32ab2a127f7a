"""Runs in an environment of its own: judges activities with Microsoft's model. In: a folder, and a JSON list on stdin."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from microsoft_agents.activity import Activity, Attachment, ChannelAccount, ConversationAccount, Entity

KNOWN = (Activity, Attachment, ChannelAccount, ConversationAccount, Entity)


def unknown(model):
    """Fields that the model doesn't know, at any depth that it has models for."""
    found = list(getattr(model, "model_extra", None) or [])
    for name in type(model).model_fields:
        value = getattr(model, name, None)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, KNOWN):
                found += unknown(part)
    return found


verdicts = []
for sent in json.load(sys.stdin):
    try:
        activity = Activity.model_validate(sent)
        read_back = activity.model_dump(mode="json", by_alias=True, exclude_unset=True)
        known = set(Activity.model_fields) | {field.alias for field in Activity.model_fields.values()}
        problems = unknown(activity) + sorted(set(sent) - known)
        problems += [name for name in sent if read_back.get(name) != sent[name] and name != "channelId"]
    except Exception as error:
        problems = [str(error)]
    verdicts.append(problems)
json.dump(verdicts, sys.stdout)
