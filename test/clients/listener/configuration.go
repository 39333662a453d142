package main

import (
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
)

// What the three files of a configured agent say. encoding/json reads names without regard to case, as the agent does.
type configuration struct {
	Settings struct {
		AgentID    int
		AgentName  string
		PoolID     int
		ServerURL  string
		WorkFolder string
	}
	Credentials struct {
		Scheme string
		Data   struct{ ClientID, AuthorizationURL, OAuthEndpointURL string }
	}
	Key *rsa.PrivateKey
}

// Numbers as base64 of their bytes, the most significant first.
type keyFile struct {
	D, DP, DQ, Exponent, InverseQ, Modulus, P, Q []byte
}

func readConfiguration(root string) (*configuration, error) {
	agent := &configuration{}
	var key keyFile
	for name, into := range map[string]any{
		".agent": &agent.Settings, ".credentials": &agent.Credentials, ".credentials_rsaparams": &key,
	} {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), into); err != nil {
			return nil, err
		}
	}
	if agent.Credentials.Data.OAuthEndpointURL == "" {
		agent.Credentials.Data.OAuthEndpointURL = agent.Credentials.Data.AuthorizationURL
	}
	number := func(bytes []byte) *big.Int { return new(big.Int).SetBytes(bytes) }
	agent.Key = &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: number(key.Modulus), E: int(number(key.Exponent).Int64())},
		D:         number(key.D),
		Primes:    []*big.Int{number(key.P), number(key.Q)},
	}
	agent.Key.Precompute()
	return agent, agent.Key.Validate()
}
