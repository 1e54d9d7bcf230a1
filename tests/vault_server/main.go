// SPDX-License-Identifier: Apache-2.0

// A Vault server for tests: the core and the HTTP API of Vault, in memory, on a loopback port that it chooses and prints,
// with its root token and the key that unseals it. With two words, a certificate and its key, it speaks HTTPS.
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"os"

	hclog "github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

// plugins are what this server can mount; Vault looks its mounts up here.
type plugins map[string]consts.PluginType

func (p plugins) Contains(name string, kind consts.PluginType) bool { return p[name] == kind }
func (p plugins) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	return nil, p[name] == kind
}
func (p plugins) Keys(kind consts.PluginType) []string {
	var names []string
	for name, of := range p {
		if of == kind {
			names = append(names, name)
		}
	}
	return names
}
func (p plugins) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}
func (p plugins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

func start() error {
	log := hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Warn})
	storage, err := inmem.NewInmem(nil, log)
	if err != nil {
		return err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:     storage,
		Logger:       log,
		DisableMlock: true,
		RedirectAddr: "http://127.0.0.1:8200",
		BuiltinRegistry: plugins{
			"kv": consts.PluginTypeSecrets, "leased-kv": consts.PluginTypeSecrets, "approle": consts.PluginTypeCredential,
			"kubernetes": consts.PluginTypeCredential, "jwt": consts.PluginTypeCredential,
		},
		LogicalBackends: map[string]logical.Factory{"kv": kv.Factory, "leased-kv": vault.LeasedPassthroughBackendFactory},
		CredentialBackends: map[string]logical.Factory{
			"approle": approle.Factory, "kubernetes": kubernetes.Factory, "jwt": jwt.Factory,
		},
	})
	if err != nil {
		return err
	}
	made, err := core.Initialize(context.Background(), &vault.InitParams{
		BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
	})
	if err != nil {
		return err
	}
	if _, err := core.Unseal(made.SecretShares[0]); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("{\"address\": %q, \"token\": %q, \"unseal\": %q}\n",
		listener.Addr().String(), made.RootToken, hex.EncodeToString(made.SecretShares[0]))
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	if len(os.Args) == 3 {
		return http.ServeTLS(listener, handler, os.Args[1], os.Args[2])
	}
	return http.Serve(listener, handler)
}

func main() {
	if err := start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
