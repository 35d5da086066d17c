{{/*
What a schema cannot say, or says badly: all at once, each with the value, the rule and the repair.
Secrets are looked for only where there is a cluster to look on; `helm template` has none.
*/}}
{{- define "layerbench.checks" -}}
{{- $v := .Values -}}
{{- $wrong := list -}}
{{- if and $v.silo.gpu.enabled (lt (int $v.silo.gpu.count) 1) -}}
{{- $wrong = append $wrong (printf "silo.gpu.count: %d GPUs is none; give 1 or more, or silo.gpu.enabled=false" (int $v.silo.gpu.count)) -}}
{{- end -}}
{{- if and (eq $v.silo.workload "DaemonSet") (empty $v.silo.nodeSelector) -}}
{{- $wrong = append $wrong "silo.nodeSelector: is empty, so a DaemonSet would put a silo on every node; give the label of the nodes to measure on, e.g. nvidia.com/gpu.present: \"true\"" -}}
{{- end -}}
{{- if and (eq $v.silo.workload "StatefulSet") (lt (int $v.silo.replicas) 1) -}}
{{- $wrong = append $wrong (printf "silo.replicas: %d silos run nothing; give 1 or more" (int $v.silo.replicas)) -}}
{{- end -}}
{{- if and (not $v.postgres.bundled.enabled) (empty $v.postgres.host) -}}
{{- $wrong = append $wrong "postgres.host: is empty and postgres.bundled.enabled is false; give your PostgreSQL's address, or enable the bundled one for a trial" -}}
{{- end -}}
{{- if and $v.postgres.bundled.enabled $v.postgres.host -}}
{{- $wrong = append $wrong (printf "postgres.host: %q is given and postgres.bundled.enabled is true; set postgres.bundled.enabled=false to use it" $v.postgres.host) -}}
{{- end -}}
{{- if and $v.postgres.bundled.enabled $v.postgres.caSecret -}}
{{- $wrong = append $wrong (printf "postgres.caSecret: %q is given and postgres.bundled.enabled is true, which speaks without TLS; leave it empty, or give your PostgreSQL's postgres.host and set postgres.bundled.enabled=false" $v.postgres.caSecret) -}}
{{- end -}}
{{- if and $v.postgres.caSecret (has $v.postgres.sslMode (list "Disable" "Prefer" "Require")) -}}
{{- $wrong = append $wrong (printf "postgres.sslMode: %s checks no certificate, and postgres.caSecret is %q; give VerifyFull or VerifyCA, or leave one of them empty" $v.postgres.sslMode $v.postgres.caSecret) -}}
{{- end -}}
{{- if and $v.gateway.ingress.enabled (empty $v.gateway.ingress.host) -}}
{{- $wrong = append $wrong "gateway.ingress.host: is empty; give the name that clients call, e.g. layerbench.example.org" -}}
{{- end -}}
{{- if and $v.gateway.ingress.enabled (empty $v.gateway.ingress.tlsSecret) -}}
{{- $wrong = append $wrong "gateway.ingress.tlsSecret: is empty, and tokens would travel in the clear; name a secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- $plugIns := $v.silo.plugIns -}}
{{- if and $plugIns.configMap $plugIns.claim -}}
{{- $wrong = append $wrong (printf "silo.plugIns.claim: %q is given and silo.plugIns.configMap is %q; all files come from one of them, so leave the other empty" $plugIns.claim $plugIns.configMap) -}}
{{- end -}}
{{- if and $plugIns.files (empty $plugIns.configMap) (empty $plugIns.claim) -}}
{{- $wrong = append $wrong (printf "silo.plugIns.configMap: is empty, so there is no %s; make one and give its name (kubectl -n %s create configmap plug-ins --from-file=%s), or give a volume claim in silo.plugIns.claim" (first $plugIns.files) .Release.Namespace (first $plugIns.files)) -}}
{{- end -}}
{{- if and (empty $plugIns.files) (or $plugIns.configMap $plugIns.claim) -}}
{{- $wrong = append $wrong (printf "silo.plugIns.files: is empty, so nothing of %q would be loaded; name its files, e.g. [mix_mean.py]" (default $plugIns.claim $plugIns.configMap)) -}}
{{- end -}}
{{- $secrets := list
  (dict "value" "postgres.existingSecret" "name" $v.postgres.existingSecret "key" $v.postgres.passwordKey "needed" true
    "make" (printf "kubectl -n %s create secret generic %s --from-literal=%s=$(openssl rand -hex 24)" .Release.Namespace (default "layerbench-postgres" $v.postgres.existingSecret) $v.postgres.passwordKey))
  (dict "value" "postgres.caSecret" "name" $v.postgres.caSecret "key" $v.postgres.caKey "needed" false
    "make" (printf "kubectl -n %s create secret generic %s --from-file=%s=FILE, with a FILE of the authority's certificate in PEM" .Release.Namespace $v.postgres.caSecret $v.postgres.caKey))
  (dict "value" "gateway.tokens.existingSecret" "name" $v.gateway.tokens.existingSecret "key" $v.gateway.tokens.key "needed" true
    "make" (printf "kubectl -n %s create secret generic %s --from-file=%s=FILE, with a FILE of lines that 'layerbench token new' prints" .Release.Namespace (default "layerbench-tokens" $v.gateway.tokens.existingSecret) $v.gateway.tokens.key))
  (dict "value" "gateway.tls.existingSecret" "name" $v.gateway.tls.existingSecret "key" "tls.key" "needed" false
    "make" (printf "kubectl -n %s create secret tls %s --cert=FILE --key=FILE" .Release.Namespace $v.gateway.tls.existingSecret))
  (dict "value" "gateway.tls.existingSecret" "name" (ternary $v.gateway.tls.existingSecret "" $v.metrics.serviceMonitor.enabled) "key" "ca.crt" "needed" false
    "make" (printf "kubectl -n %s create secret generic %s --type=kubernetes.io/tls --from-file=tls.crt=FILE --from-file=tls.key=FILE --from-file=ca.crt=FILE; metrics.serviceMonitor checks the gateway by it" .Release.Namespace $v.gateway.tls.existingSecret))
  (dict "value" "metrics.serviceMonitor.tokenSecret" "name" (ternary $v.metrics.serviceMonitor.tokenSecret "" $v.metrics.serviceMonitor.enabled) "key" $v.metrics.serviceMonitor.tokenKey "needed" $v.metrics.serviceMonitor.enabled
    "make" (printf "kubectl -n %s create secret generic %s --from-file=%s=FILE, with a FILE that has a token of role view alone (layerbench token new --role view)" .Release.Namespace (default "layerbench-metrics" $v.metrics.serviceMonitor.tokenSecret) $v.metrics.serviceMonitor.tokenKey))
  (dict "value" "tls.existingSecret" "name" $v.tls.existingSecret "key" "ca.crt" "needed" false
    "make" (printf "kubectl -n %s create secret generic %s --from-file=tls.crt=FILE --from-file=tls.key=FILE --from-file=ca.crt=FILE" .Release.Namespace $v.tls.existingSecret))
-}}
{{- $cluster := and $v.checks.secrets (lookup "v1" "Namespace" "" .Release.Namespace) -}}
{{- range $s := $secrets -}}
{{- if and $s.needed (empty $s.name) -}}
{{- $wrong = append $wrong (printf "%s: is empty; make a secret and give its name: %s" $s.value $s.make) -}}
{{- else if and $s.name $cluster -}}
{{- $found := lookup "v1" "Secret" $.Release.Namespace $s.name -}}
{{- if not $found -}}
{{- $wrong = append $wrong (printf "%s: there is no secret %q in namespace %s; make it: %s" $s.value $s.name $.Release.Namespace $s.make) -}}
{{- else if not (hasKey (default dict $found.data) $s.key) -}}
{{- $wrong = append $wrong (printf "%s: secret %q has no key %q; make it: %s" $s.value $s.name $s.key $s.make) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n\n%s\n" (join "\n" $wrong)) -}}
{{- end -}}
{{- end -}}
