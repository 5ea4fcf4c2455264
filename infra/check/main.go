// Command check asks the account, before a deployment, what the stack cannot set itself: whether buckets and a key that are taken up are as they
// must be, and whether something would be lost. It takes the arguments of the CDK's command line, and changes nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/inventory-bridge/inventory-bridge/infra/adopt"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	line, err := settings.ParseLine(args)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	p, _, err := settings.Read(line.Context, "")
	if err != nil {
		return err
	}
	if p.Local {
		return errors.New("check: local: its template is for sam local alone, and in place of the service it would take everything away: leave it out")
	}
	a, err := account(ctx, p, line.Profile)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	found, err := a.Check(ctx, p)
	for _, note := range found.Notes {
		if _, err := fmt.Fprintln(out, "note:", note); err != nil {
			return err
		}
	}
	if len(found.Problems) > 0 {
		err = errors.Join(err, errors.New(strings.Join(found.Problems, "\n")))
	}
	return err
}

// account is that of the credentials.
func account(ctx context.Context, p settings.Props, profile string) (adopt.Account, error) {
	var options []func(*config.LoadOptions) error
	if profile != "" {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	if p.Region != "" {
		options = append(options, config.WithRegion(p.Region))
	}
	c, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return adopt.Account{}, err
	}
	if c.Region == "" {
		return adopt.Account{}, errors.New("no region is known: set region, or AWS_REGION")
	}
	roles := sts.NewFromConfig(c)
	who, err := roles.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return adopt.Account{}, fmt.Errorf("whose account this is cannot be asked: log in (aws login, aws sso login), or name a profile (AWS_PROFILE): %w", err)
	}
	buckets := s3.NewFromConfig(c, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	return adopt.Account{
		ID: aws.ToString(who.Account), Region: c.Region,
		Stacks: cloudformation.NewFromConfig(c), Keys: kms.NewFromConfig(c), Buckets: buckets, Roles: roles,
		State: func(bucket string) ledger.Store { return ledger.S3(buckets, bucket, "") },
	}, nil
}
