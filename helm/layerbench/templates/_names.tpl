{{- define "layerbench.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "layerbench.clusterId" -}}
{{- default (include "layerbench.name" .) .Values.clusterId -}}
{{- end -}}

{{/* Labels of every object. Call with (dict "root" $ "component" "silo"). */}}
{{- define "layerbench.labels" -}}
{{ include "layerbench.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/*
What pods are found by, and all the labels they have of ours: a version among them would restart pods that did not change,
and a selector that changes could not find its own pods.
*/}}
{{- define "layerbench.selector" -}}
app.kubernetes.io/name: layerbench
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Call with (dict "root" $ "name" .Values.silo.image). */}}
{{- define "layerbench.image" -}}
{{- $registry := .root.Values.image.registry -}}
{{- $tag := default .root.Chart.AppVersion .root.Values.image.tag -}}
{{- if $registry }}{{ $registry | trimSuffix "/" }}/{{ end }}{{ .name }}:{{ $tag }}
{{- end -}}

{{- define "layerbench.siloImage" -}}
{{- $name := ternary .Values.silo.cudaImage .Values.silo.image .Values.silo.gpu.enabled -}}
{{- include "layerbench.image" (dict "root" . "name" $name) -}}
{{- end -}}

{{- define "layerbench.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "layerbench.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}
