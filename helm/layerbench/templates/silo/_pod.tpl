{{/* The pod of a silo, the same in a StatefulSet and in a DaemonSet. */}}
{{- define "layerbench.siloPod" -}}
{{- $silo := .Values.silo -}}
{{- $component := dict "root" . "component" "silo" -}}
metadata:
  labels:
    {{- include "layerbench.selector" $component | nindent 4 }}
    {{- with $silo.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $silo.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "layerbench.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with include "layerbench.pullSecrets" . }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with $silo.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- if and $silo.gpu.enabled $silo.gpu.runtimeClass }}
  runtimeClassName: {{ $silo.gpu.runtimeClass }}
  {{- end }}
  {{- with $silo.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if or $silo.tolerations $silo.gpu.enabled }}
  tolerations:
    {{- if $silo.gpu.enabled }}
    - key: {{ $silo.gpu.resource }}
      operator: Exists
      effect: NoSchedule
    {{- end }}
    {{- with $silo.tolerations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  affinity:
    podAntiAffinity:
      {{- if eq $silo.spread "required" }}
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: layerbench
              app.kubernetes.io/component: silo
      {{- else }}
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels:
                app.kubernetes.io/name: layerbench
                app.kubernetes.io/component: silo
      {{- end }}
  # A stop waits for launches in flight (Grace) and then leaves the cluster.
  terminationGracePeriodSeconds: {{ add (int $silo.graceSeconds) 30 }}
  securityContext:
    {{- include "layerbench.podSecurity" (dict "user" (include "layerbench.user" .)) | nindent 4 }}
  containers:
    - name: silo
      image: {{ include "layerbench.siloImage" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        {{- include "layerbench.containerSecurity" . | nindent 8 }}
      env:
        - name: Layerbench__Node
          valueFrom:
            fieldRef:
              fieldPath: {{ ternary "spec.nodeName" "metadata.name" (eq $silo.workload "DaemonSet") }}
        - name: Layerbench__Address
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        # Health and metrics are asked for from outside the pod.
        - name: Layerbench__HttpAddress
          value: 0.0.0.0
        {{- include "layerbench.commonEnv" . | nindent 8 }}
        - name: Layerbench__Grace
          value: {{ include "layerbench.timeSpan" $silo.graceSeconds | quote }}
        {{- range $i, $pattern := $silo.devices }}
        - name: Layerbench__Devices__{{ $i }}
          value: {{ $pattern | quote }}
        {{- end }}
        {{- range $i, $file := $silo.plugIns.files }}
        - name: Layerbench__PlugIns__{{ $i }}
          value: {{ printf "/plug-ins/%s" $file | quote }}
        {{- end }}
        {{- with $silo.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: silo
          containerPort: 11111
        - name: clients
          containerPort: 30000
        - name: http
          containerPort: 8081
      # Joining may wait for the database, and for the rows of silos that are gone.
      startupProbe:
        {{- include "layerbench.probe" (dict "path" "/health/live" "tls" false) | nindent 8 }}
        periodSeconds: 5
        failureThreshold: 36
      livenessProbe:
        {{- include "layerbench.probe" (dict "path" "/health/live" "tls" false) | nindent 8 }}
        periodSeconds: 20
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        {{- include "layerbench.probe" (dict "path" "/health/ready" "tls" false) | nindent 8 }}
        periodSeconds: 5
        timeoutSeconds: 5
      resources:
        {{- $gpu := dict -}}
        {{- if $silo.gpu.enabled -}}
        {{- $gpu = dict $silo.gpu.resource (toString (int $silo.gpu.count)) -}}
        {{- end }}
        requests:
          {{- toYaml (merge (dict) $gpu (default dict $silo.resources.requests)) | nindent 10 }}
        limits:
          {{- toYaml (merge (dict) $gpu (default dict $silo.resources.limits)) | nindent 10 }}
      volumeMounts:
        {{- include "layerbench.secretMounts" . | nindent 8 }}
        - name: scratch
          mountPath: /tmp
        - name: shared-memory
          mountPath: /dev/shm
        {{- if $silo.plugIns.files }}
        - name: plug-ins
          mountPath: /plug-ins
          readOnly: true
        {{- end }}
  volumes:
    {{- include "layerbench.secretVolumes" . | nindent 4 }}
    - name: scratch
      emptyDir:
        sizeLimit: {{ $silo.scratch }}
    - name: shared-memory
      emptyDir:
        medium: Memory
        sizeLimit: {{ $silo.sharedMemory }}
    {{- if $silo.plugIns.files }}
    - name: plug-ins
      {{- if $silo.plugIns.configMap }}
      configMap:
        name: {{ $silo.plugIns.configMap }}
        defaultMode: 0444
      {{- else }}
      persistentVolumeClaim:
        claimName: {{ $silo.plugIns.claim }}
        readOnly: true
      {{- end }}
    {{- end }}
{{- end -}}
