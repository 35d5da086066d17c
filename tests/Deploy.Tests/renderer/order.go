package main

import (
	"regexp"
	"sort"
	"strings"

	"github.com/ghodss/yaml"
)

// The kinds that Helm installs first, in its order; others come after, by name of their kind.
var kinds = []string{
	"PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
	"PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
	"PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
	"ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
	"ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
	"IngressClass", "Ingress", "APIService",
}

var between = regexp.MustCompile(`(?:^|\s*\n)---\s*`)

type manifest struct{ file, kind, text string }

// All manifests as `helm template` prints them: by kind, hooks last.
func inOrder(chart string, rendered map[string]string) string {
	var plain, hooks []manifest
	var names []string
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if strings.HasSuffix(name, "NOTES.txt") {
			continue
		}
		for _, text := range between.Split(strings.TrimSpace(rendered[name]), -1) {
			head := object{}
			if err := yaml.Unmarshal([]byte(text), &head); err != nil || len(head) == 0 {
				if err != nil {
					plain = append(plain, manifest{name, "", text}) // left for whoever reads it to refuse
				}
				continue
			}
			kind, _ := head["kind"].(string)
			one := manifest{name, kind, strings.TrimSpace(text)}
			about, _ := head["metadata"].(object)
			marks, _ := about["annotations"].(object)
			if _, hook := marks["helm.sh/hook"]; hook {
				hooks = append(hooks, one)
			} else {
				plain = append(plain, one)
			}
		}
	}
	sort.SliceStable(plain, func(i, j int) bool { return before(plain[i].kind, plain[j].kind) })
	var out strings.Builder
	for _, one := range append(plain, hooks...) {
		out.WriteString("---\n# Source: " + chart + "/" + one.file + "\n" + one.text + "\n")
	}
	return out.String()
}

func before(a, b string) bool {
	i, j := place(a), place(b)
	if i == j {
		return a < b
	}
	return i < j
}

func place(kind string) int {
	for i, known := range kinds {
		if known == kind {
			return i
		}
	}
	return len(kinds)
}
