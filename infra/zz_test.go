package main

import _ "github.com/cdklabs/cdk-nag-go/cdknag/v2"
