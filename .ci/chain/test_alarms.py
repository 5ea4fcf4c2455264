"""Alarms and dashboards read what is there: metrics that the functions wrote in some run, with the same dimensions, and those of queues and
functions of the stack. Each queue of dead letters has an alarm.
"""
import json
import unittest

import runs
from runs import template
from test_needed import everything

# What no run brings about. The functions' own tests keep that it is written.
NOT_RUN = {"BrakeApplied": "no mapping here clears nodes that a document no longer names"}


def metrics(value):
    """All metrics within a resolved value, as (namespace, name, dimensions)."""
    if isinstance(value, list):
        return {m for v in value for m in metrics(v)}
    if not isinstance(value, dict):
        return set()
    found = {m for v in value.values() for m in metrics(v)}
    if "MetricName" in value:
        found.add((value["Namespace"], value["MetricName"], frozenset((d["Name"], d["Value"]) for d in value.get("Dimensions", []))))
    return found


def graphed(resource):
    """The functions' own metrics of a dashboard. One with a last item that is an object has its dimensions before that."""
    found = set()
    for widget in json.loads(resource.values["DashboardBody"])["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            words = [w for w in metric if isinstance(w, str)]
            if words:
                found.add((words[0], words[1], frozenset(zip(words[2::2], words[3::2]))))
    return found


class Alarms(unittest.TestCase):
    def test_each(self):
        everything()
        for name in ("plain", "every"):
            with self.subTest(name):
                self.check(template(name))

    def test_changes(self):
        """What nobody writes is noticed, and so is a queue of dead letters that nobody watches."""
        everything()
        for alarm, change in (
            ("FailedAlarm", {"MetricName": "Failures"}), ("FailedAlarm", {"Namespace": "Bridge"}), ("BrakeAlarm", {"Dimensions": []}),
            ("SilentAlarm", {"Dimensions": [{"Name": "Stack", "Value": "Other"}]}),
            ("IntakeErrorsAlarm", {"Dimensions": [{"Name": "FunctionName", "Value": "x"}]}),
            ("SweepDeadAlarm", {"Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["{queue}", "QueueName"]}}]}),
        ):
            with self.subTest(alarm, **change), self.assertRaises(AssertionError):
                self.check(template("plain").changed(lambda resources, a=alarm, c=change: set_of(resources, a, c)))

    def check(self, of):
        alarms = {m for r in of.resources("AWS::CloudWatch::Alarm") for m in metrics(r.values)}
        shown = {m for r in of.resources("AWS::CloudWatch::Dashboard") for m in graphed(r)}
        queues = {r.name: r for r in of.resources("AWS::SQS::Queue")}
        named = {"QueueName": queues, "FunctionName": {r.name for r in of.resources("AWS::Lambda::Function")}}
        written = {(namespace, dimensions) for namespace, _, dimensions in runs.WRITTEN}
        for namespace, metric, dimensions in alarms | shown:
            if namespace.startswith("AWS/"):
                (kind, value), = dimensions
                self.assertIn(value, named[kind], metric)
                continue
            self.assertIn((namespace, dimensions), written, metric)
            if (namespace, metric, dimensions) in alarms - runs.WRITTEN:
                self.assertIn(metric, NOT_RUN, f"nobody writes {metric} with {dict(dimensions)}")
        dead = {n for n, r in queues.items() if "RedrivePolicy" not in r.values}
        self.assertEqual({dict(d)["QueueName"] for _, m, d in alarms if m == "ApproximateNumberOfMessagesVisible"}, dead)


def set_of(resources, alarm, change):
    """Changes an alarm. {queue} is a queue that has no dead letters of others."""
    arriving = next(id for id, r in resources.items() if r["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in r["Properties"])
    at, = [r for id, r in resources.items() if id.startswith(alarm)]
    at["Properties"].update(json.loads(json.dumps(change).replace("{queue}", arriving)))


if __name__ == "__main__":
    unittest.main()
