package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// liveAlias is the alias whose version is at work.
const liveAlias = "live"

// versionsByProperties lets the CDK make a new version of a function only where something changed that a version holds. Else a tag or a reason
// in the metadata would suffice, and Lambda refuses a version that is as the one before.
const versionsByProperties = "@aws-cdk/aws-lambda:recognizeVersionProps"

// live is a function's alias for the version that its queue calls.
type live struct {
	function awslambda.Function
	alias    awslambda.CfnAlias
}

// addLive puts an alias between a queue and its function, where a new version is to take over step by step.
func (s *service) addLive(f awslambda.Function, source awslambda.EventSourceMapping) {
	if !s.props.Canary {
		return
	}
	alias := awslambda.NewCfnAlias(s.stack, new(*f.Node().Id()+"Live"), &awslambda.CfnAliasProps{
		FunctionName: f.FunctionName(), FunctionVersion: f.CurrentVersion().Version(), Name: new(liveAlias),
	})
	source.Node().DefaultChild().(awslambda.CfnEventSourceMapping).SetFunctionName(alias.Ref()) //nolint:errcheck // that is what an EventSourceMapping is made of
	s.live = append(s.live, live{f, alias})
}

// addCanary lets a tenth of the messages go to a new version for five minutes, and then all of them. The alarm on the function's errors puts
// the old version back.
func (s *service) addCanary() {
	if !s.props.Canary {
		return
	}
	application := awscodedeploy.NewCfnApplication(s.stack, new("Canary"), &awscodedeploy.CfnApplicationProps{ComputePlatform: new("Lambda")})
	var functions []string
	for _, l := range s.live {
		functions = append(functions, *l.function.FunctionArn(), *l.function.FunctionArn()+":"+liveAlias)
	}
	const list = "CodeDeploy asks for the alarms as a list, which has no resource, and reads only"
	role := s.newRole("CanaryRole", "codedeploy.amazonaws.com", equals(map[string]any{"aws:SourceAccount": *s.stack.Account()}),
		statement(grant{actions: []string{"lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"}, resources: functions}),
		statement(grant{actions: []string{"cloudwatch:DescribeAlarms"}, everywhere: list}))
	reasoned(role, reason{"AwsSolutions-IAM5", list})
	for _, l := range s.live {
		id := *l.function.Node().Id()
		group := awscodedeploy.NewCfnDeploymentGroup(s.stack, new(id+"Canary"), &awscodedeploy.CfnDeploymentGroupProps{
			ApplicationName: application.Ref(), ServiceRoleArn: role.RoleArn(), DeploymentConfigName: new("CodeDeployDefault.LambdaCanary10Percent5Minutes"),
			DeploymentStyle: &awscodedeploy.CfnDeploymentGroup_DeploymentStyleProperty{
				DeploymentType: new("BLUE_GREEN"), DeploymentOption: new("WITH_TRAFFIC_CONTROL"),
			},
			AutoRollbackConfiguration: &awscodedeploy.CfnDeploymentGroup_AutoRollbackConfigurationProperty{
				Enabled: new(true), Events: texts("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"),
			},
		})
		if a, ok := s.alarms[id+"Errors"]; ok {
			group.SetAlarmConfiguration(&awscodedeploy.CfnDeploymentGroup_AlarmConfigurationProperty{
				Enabled: new(true), Alarms: []any{&awscodedeploy.CfnDeploymentGroup_AlarmProperty{Name: a.AlarmName()}},
			})
		}
		l.alias.CfnOptions().SetUpdatePolicy(&awscdk.CfnUpdatePolicy{CodeDeployLambdaAliasUpdate: &awscdk.CfnCodeDeployLambdaAliasUpdate{
			ApplicationName: application.Ref(), DeploymentGroupName: group.Ref(),
		}})
	}
}
