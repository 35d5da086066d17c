{{/* The gateway's own settings: where it listens, whom it lets in. */}}
{{- define "layerbench.gatewayEnv" -}}
- name: ASPNETCORE_URLS
  value: {{ ternary "http://+:8080" "https://+:8080" (empty .Values.gateway.tls.existingSecret) }}
{{- if .Values.gateway.tls.existingSecret }}
- name: Kestrel__Certificates__Default__Path
  value: /run/secrets/tls/tls.crt
- name: Kestrel__Certificates__Default__KeyPath
  value: /run/secrets/tls/tls.key
{{- end }}
- name: Layerbench__Tokens
  value: /run/secrets/tokens/tokens
- name: Layerbench__Limits__PlugIns
  value: {{ .Values.gateway.allowPlugIns | quote }}
{{- end -}}

{{- define "layerbench.gatewayHealth" -}}/health{{- end -}}
