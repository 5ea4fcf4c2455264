"""The reader of templates by itself: intrinsics, names, and that nothing is left out silently."""
import pathlib
import unittest

from template import ACCOUNT, NotKnown, Part, Template


def template(resources=None, **sections):
    return Template({"Resources": resources or {}} | sections, "Stack", pathlib.Path())


RESOURCES = {
    "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate"},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True}},
    "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Ref": "AWS::StackName"}}},
    "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventBusName": {"Ref": "Bus"}}},
    "Logs": {"Type": "AWS::Logs::LogGroup"},
}


class Intrinsics(unittest.TestCase):
    def test_each(self):
        t = template(RESOURCES, Parameters={"Version": {"Default": "7"}},
                     Mappings={"Names": {"aws": {"name": "Amazon"}}}, Conditions={"Never": {"Fn::Equals": [{"Ref": "Version"}, "8"]}, "Always": {"Fn::Not": [{"Condition": "Never"}]},
                                 "Both": {"Fn::And": [{"Condition": "Never"}, {"Condition": "Always"}]}})
        for value, want in (
            ({"Ref": "Bucket"}, "stack-bucket"), ({"Ref": "Queue"}, f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/Stack-Queue.fifo"),
            ({"Ref": "Rule"}, "Stack|Stack-Rule"), ({"Ref": "AWS::Region"}, "us-east-1"), ({"Ref": "Version"}, "7"),
            ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::stack-bucket"), ({"Fn::GetAtt": "Queue.QueueName"}, "Stack-Queue.fifo"),
            ({"Fn::GetAtt": ["Rule", "Arn"]}, f"arn:aws:events:us-east-1:{ACCOUNT}:rule/Stack/Stack-Rule"),
            ({"Fn::GetAtt": ["Logs", "Arn"]}, f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:Stack-Logs:*"),
            ({"Fn::Join": ["", ["s3://", {"Ref": "Bucket"}, "/", 1]]}, "s3://stack-bucket/1"),
            ({"Fn::Sub": "${AWS::AccountId}-${Bucket}-${Queue.Arn}-${!x}"}, f"{ACCOUNT}-stack-bucket-arn:aws:sqs:us-east-1:{ACCOUNT}:Stack-Queue.fifo-${{x}}"),
            ({"Fn::Sub": ["${a}", {"a": {"Ref": "Bucket"}}]}, "stack-bucket"),
            ({"Fn::If": ["Always", "yes", "no"]}, "yes"), ({"Fn::If": ["Both", "yes", "no"]}, "no"),
            ({"a": {"Fn::If": ["Never", 1, {"Ref": "AWS::NoValue"}]}, "b": [2]}, {"b": [2]}),
            ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Partition"}, "name"]}, "Amazon"),
            ({"Fn::Select": [1, {"Fn::Split": ["-", {"Ref": "Bucket"}]}]}, "bucket"),
        ):
            self.assertEqual(t.resolve(value), want, value)

    def test_what_is_not_known(self):
        t = template(RESOURCES)
        for value in ({"Fn::ImportValue": "x"}, {"Fn::GetAtt": ["Bucket", "DomainName"]}, {"Fn::Join": ["", [{"a": 1, "b": 2}]]}):
            with self.assertRaises(NotKnown, msg=value):
                t.resolve(value)
        for value in ({"Ref": "Nothing"}, {"Fn::GetAtt": ["Nothing", "Arn"]}):
            with self.assertRaises(KeyError, msg=value):
                t.resolve(value)

    def test_retained(self):
        t = template(RESOURCES)
        self.assertEqual([r.id for r in t.resources("AWS::S3::Bucket", "AWS::SQS::Queue") if r.retained], ["Bucket"])


class NothingIsLeftOut(unittest.TestCase):
    def test_types(self):
        template(RESOURCES | {"Alarm": {"Type": "AWS::CloudWatch::Alarm"}}).check_types({r["Type"] for r in RESOURCES.values()})
        with self.assertRaises(NotKnown):
            template({"Topic": {"Type": "AWS::SNS::Topic"}}).check_types({"AWS::SQS::Queue"})

    def test_properties(self):
        p = Part("Queue", {"A": 1, "B": {"C": 2, "D": 3}, "E": [{"F": 4}], "G": 5})
        self.assertEqual((p.take("A"), p.take("X", None)), (1, None))
        inner, = p.parts("E")
        inner.expect("F", 4)
        inner.end()
        b = p.part("B")
        b.leave(C="the test does not need it")
        for wrong in (p.end, b.end, lambda: p.take("A"), lambda: p.part("G"), lambda: Part("Q", {"A": 1}).expect("A", 2)):
            with self.assertRaises(NotKnown):
                wrong()

    def test_sections_and_attributes(self):
        with self.assertRaises(NotKnown):
            template(Transform="AWS::Serverless-2016-10-31")
        with self.assertRaises(NotKnown):
            template({"Q": {"Type": "AWS::SQS::Queue", "UpdatePolicy": {}}}).resources("AWS::SQS::Queue")

    def test_conditions_of_resources(self):
        t = template({"Q": {"Type": "AWS::SQS::Queue", "Condition": "Never"}}, Conditions={"Never": {"Fn::Equals": ["1", "2"]}})
        self.assertEqual(t.resources("AWS::SQS::Queue"), [])


if __name__ == "__main__":
    unittest.main()
