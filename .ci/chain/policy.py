"""Decides by policies whether a call is allowed, as IAM does, for what the stack's policies use. What they might use and this does not
know (NotAction, another operator, a variable in a pattern) is an error, never a guess.
"""
import collections
import functools
import re

ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z*]+")

# A call: who (a role's ARN or a service's name), which action, on which resource, with which keys (name in lower case: values).
Call = collections.namedtuple("Call", "principal action resource keys")


def call(principal, action, resource, **keys):
    return with_keys(principal, action, resource, keys)


def with_keys(principal, action, resource, keys):
    """A call; a key's value is a text or a list of them. All calls of the stack come by TLS."""
    found = {name.lower(): (value,) if isinstance(value, str) else tuple(value) for name, value in keys.items()}
    return Call(principal, action, resource, frozenset(({"aws:securetransport": ("true",)} | found).items()))


class Unsupported(Exception):
    """A policy says what this evaluator does not know."""


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


@functools.cache
def wild(pattern, ignore_case=False):
    """A pattern with * and ? as a regular expression."""
    if "${" in pattern:
        raise Unsupported(f"a variable in {pattern}")
    text = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def like(pattern, value):
    return wild(pattern).fullmatch(value) is not None


def arn_like(pattern, value):
    """As like, part by part: a * does not reach over a colon before the last part."""
    want, got = pattern.split(":", 5), value.split(":", 5)
    return len(want) == len(got) == 6 and all(like(w, g) for w, g in zip(want, got))


def equal(want, got):
    return want == got


# An operator: how one value is compared, and whether the condition is met by what differs.
OPERATORS = {"StringEquals": (equal, False), "StringNotEquals": (equal, True), "StringLike": (like, False), "StringNotLike": (like, True),
             "ArnEquals": (arn_like, False), "ArnLike": (arn_like, False),
             "Bool": (lambda want, got: str(want).lower() == got.lower(), False)}


def met(operator, wants, got):
    """Whether a condition is met; got is None where the call has no such key."""
    quantity, _, name = operator.rpartition(":")
    if name == "Null":
        return [str(w).lower() for w in wants] == ["false" if got else "true"]
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name not in OPERATORS or quantity not in ("", "ForAllValues", "ForAnyValue"):
        raise Unsupported(f"the operator {operator}")
    compare, negated = OPERATORS[name]
    if not got:
        return if_exists or quantity == "ForAllValues" or (negated and quantity == "")
    if quantity == "" and len(got) > 1:
        raise Unsupported(f"{operator} of a key with several values")
    each = [any(compare(w, g) for w in wants) != negated for g in got]
    return any(each) if quantity == "ForAnyValue" else all(each)


class Statement:
    """One statement of a policy. Its place says where it stands, for people."""

    def __init__(self, place, raw, identity):
        known = {"Effect", "Action", "Resource", "Condition", "Sid"} | (set() if identity else {"Principal"})
        if raw.keys() - known or raw["Effect"] not in ("Allow", "Deny"):
            raise Unsupported(f"{place}: {sorted(raw.keys() - known)} {raw['Effect']}")
        self.place, self.raw, self.identity = place, raw, identity
        self.deny = raw["Effect"] == "Deny"
        self.actions = listed(raw["Action"])
        self.resources = listed(raw.get("Resource", "*"))
        for action in self.actions:
            if not ACTION.fullmatch(action):
                raise Unsupported(f"{place}: the action {action}")
        self.principals = None if identity else self.named(raw["Principal"])
        self.conditions = [(operator, key.lower(), listed(want)) for operator, keys in raw.get("Condition", {}).items()
                           for key, want in keys.items()]

    def named(self, principal):
        """All principals that a statement of a resource's policy names."""
        if principal == "*":
            return ["*"]
        if principal.keys() - {"AWS", "Service"}:
            raise Unsupported(f"{self.place}: the principal {principal}")
        return [p for names in principal.values() for p in listed(names)]

    def whom(self, principal):
        """Whether a principal is meant: itself, or by way of its account, whose policies then decide."""
        if self.identity or "*" in self.principals or principal in self.principals:
            return "itself"
        parts = principal.split(":")
        account = parts[4] if len(parts) > 5 else None
        return "account" if account and any(p in (account, f"arn:{parts[1]}:iam::{account}:root") for p in self.principals) else None

    def matches(self, c):
        """What of the statement is about a call: its actions and its resources that do; None where it is not about it."""
        actions = tuple(a for a in self.actions if wild(a, ignore_case=True).fullmatch(c.action))
        if not actions:
            return None
        resources = tuple(r for r in self.resources if like(r, c.resource))
        keys = dict(c.keys)
        if not resources or not self.whom(c.principal) or not all(met(o, want, keys.get(key)) for o, key, want in self.conditions):
            return None
        return actions, resources

    def parts(self):
        """The statement without one of its actions, and without one of its resources; each with what is left out."""
        for name, values in (("Action", self.actions), ("Resource", self.resources)):
            for value in values if len(values) > 1 else ():
                yield value, Statement(self.place, self.raw | {name: [v for v in values if v != value]}, self.identity)


class Policies:
    """The policies of an account: of identities by the role's ARN, of resources by the resource's ARN."""

    def __init__(self, account):
        self.account = account
        self.of = collections.defaultdict(list)

    def add(self, holder, place, document, identity):
        if document.get("Version") != "2012-10-17" or document.keys() - {"Version", "Statement"}:
            raise Unsupported(f"{place}: another version, or more than statements")
        for k, raw in enumerate(listed(document["Statement"])):
            self.of[holder].append(Statement(f"{place}[{k}]", raw, identity))

    def statements(self):
        return [s for list_ in self.of.values() for s in list_]

    def about(self, c, holder, instead=None):
        """The statements about a call, with what of them is. In place of some statements others may stand."""
        held = self.of.get(c.principal, []) + (self.of.get(holder, []) if holder != c.principal else [])
        found = []
        for s in held:
            s = (instead or {}).get(s.place, s)
            if s and (part := s.matches(c)):
                found.append((s, part))
        return found

    def allows(self, c, holder, instead=None):
        """Whether a call is allowed. The holder is whose resource policy counts: a bucket for its objects."""
        about = [s for s, _ in self.about(c, holder, instead)]
        if any(s.deny for s in about):
            return False
        by_identity = any(s.identity for s in about)
        named = {s.whom(c.principal) for s in about if not s.identity}
        if not c.principal.startswith("arn:"):  # a service
            return "itself" in named
        if c.principal.split(":")[4] != self.account:  # what its own account says is not ours
            return bool(named)
        if c.action.startswith("kms:") or c.action == "sts:AssumeRole":  # these are never allowed by an identity alone
            return "itself" in named or ("account" in named and by_identity)
        return by_identity or "itself" in named


class Needed:
    """Which statements were needed: of all calls that were allowed it keeps one for each way to be allowed."""

    def __init__(self, policies):
        self.policies = policies
        self.calls = {}

    def record(self, c, holder):
        way = tuple((s.place, part) for s, part in self.policies.about(c, holder))
        self.calls.setdefault((c.action, way), (c, holder))

    def for_call(self, c, holder, place, statement):
        return not self.policies.allows(c, holder, {place: statement})

    def idle(self):
        """All that nobody needed: whole statements, and single actions and resources of those that somebody did."""
        found = set()
        for s in self.policies.statements():
            if s.deny:
                continue
            calls = [(c, holder) for (_, way), (c, holder) in self.calls.items() if any(place == s.place for place, _ in way)]
            if not any(self.for_call(c, holder, s.place, None) for c, holder in calls):
                found.add(s.place)
                continue
            for left_out, rest in s.parts():
                if not any(self.for_call(c, holder, s.place, rest) for c, holder in calls):
                    found.add(f"{s.place} {left_out}")
        return found
