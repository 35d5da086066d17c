{{/* What all pods share: nobody's root, no service account's token, files that cannot be changed. */}}
{{- define "layerbench.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "layerbench.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The user of Microsoft's .NET images, `app`. */}}
{{- define "layerbench.user" -}}1654{{- end -}}

{{- define "layerbench.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* Settings of silo and gateway alike. The password is a file, never a variable. */}}
{{- define "layerbench.commonEnv" -}}
- name: Layerbench__ClusterId
  value: {{ include "layerbench.clusterId" . | quote }}
- name: Layerbench__Postgres
  value: {{ include "layerbench.connection" . | quote }}
- name: Layerbench__PostgresPasswordFile
  value: /run/secrets/postgres/password
{{- if .Values.tls.existingSecret }}
- name: Layerbench__Tls__Certificate
  value: /run/secrets/cluster/tls.crt
- name: Layerbench__Tls__Key
  value: /run/secrets/cluster/tls.key
- name: Layerbench__Tls__Authority
  value: /run/secrets/cluster/ca.crt
{{- end }}
{{- with .Values.metrics.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
- name: DOTNET_EnableDiagnostics_IPC
  value: "0"
- name: HOME
  value: /tmp
{{- end -}}

{{- define "layerbench.connection" -}}
{{- $p := .Values.postgres -}}
{{- $host := ternary (printf "%s-postgres" (include "layerbench.name" .)) $p.host $p.bundled.enabled -}}
{{- $usual := ternary "VerifyFull" "Require" (not (empty $p.caSecret)) -}}
{{- $mode := default (ternary "Disable" $usual $p.bundled.enabled) $p.sslMode -}}
{{- $port := ternary 5432 (int $p.port) $p.bundled.enabled -}}
Host={{ $host }};Port={{ $port }};Database={{ $p.database }};Username={{ $p.user }};SSL Mode={{ $mode }}
{{- if $p.caSecret }};Root Certificate=/run/secrets/postgres-ca/ca.crt{{ end }}
{{- end -}}

{{- define "layerbench.passwordMount" -}}
- name: postgres-password
  mountPath: /run/secrets/postgres
  readOnly: true
{{- end -}}

{{- define "layerbench.passwordVolume" -}}
- name: postgres-password
  secret:
    secretName: {{ .Values.postgres.existingSecret }}
    defaultMode: 0440
    items:
      - key: {{ .Values.postgres.passwordKey }}
        path: password
{{- end -}}

{{/* What silos and gateways are given as files: the database's password and its authority, and their own certificates. */}}
{{- define "layerbench.secretMounts" -}}
{{ include "layerbench.passwordMount" . }}
{{- if .Values.postgres.caSecret }}
- name: postgres-ca
  mountPath: /run/secrets/postgres-ca
  readOnly: true
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: cluster-tls
  mountPath: /run/secrets/cluster
  readOnly: true
{{- end }}
{{- end -}}

{{- define "layerbench.secretVolumes" -}}
{{ include "layerbench.passwordVolume" . }}
{{- if .Values.postgres.caSecret }}
- name: postgres-ca
  secret:
    secretName: {{ .Values.postgres.caSecret }}
    defaultMode: 0440
    items:
      - key: {{ .Values.postgres.caKey }}
        path: ca.crt
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: cluster-tls
  secret:
    secretName: {{ .Values.tls.existingSecret }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/* Seconds as .NET writes a time span: 300 is 00:05:00. */}}
{{- define "layerbench.timeSpan" -}}
{{- $s := int . -}}
{{- printf "%02d:%02d:%02d" (div $s 3600) (div (mod $s 3600) 60) (mod $s 60) -}}
{{- end -}}

{{/* Call with (dict "path" "/health/live" "tls" false). */}}
{{- define "layerbench.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
  {{- if .tls }}
  scheme: HTTPS
  {{- end }}
{{- end -}}
