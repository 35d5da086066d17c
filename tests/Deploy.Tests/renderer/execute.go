package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

// What templates know as .Files.
type chartFiles map[string][]byte

func (f chartFiles) Get(name string) string { return string(f[name]) }

func (f chartFiles) Glob(pattern string) chartFiles {
	found := chartFiles{}
	for name, content := range f {
		if matched, _ := path.Match(pattern, name); matched {
			found[name] = content
		}
	}
	return found
}

// What lookup finds: manifests by kind, namespace and name. Null: there is no cluster, as under `helm template`.
func standing(file string) ([]object, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var objects []object
	for _, document := range strings.Split(string(text), "\n---") {
		one := object{}
		if err := yaml.Unmarshal([]byte(document), &one); err != nil {
			return nil, err
		}
		objects = append(objects, one)
	}
	return objects, nil
}

// The output of every template that is no partial, by its path in the chart.
func execute(files map[string][]byte, chart, values object, name, namespace string, cluster []object) (map[string]string, error) {
	rest := chartFiles{}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root, cluster))
	var templates []string
	for file, content := range files {
		if !strings.HasPrefix(file, "templates/") {
			rest[file] = content
			continue
		}
		if _, err := root.New(file).Parse(string(content)); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(path.Base(file), "_") {
			templates = append(templates, file)
		}
	}
	sort.Strings(templates)
	rendered := map[string]string{}
	for _, file := range templates {
		var out bytes.Buffer
		data := object{
			"Values":  values,
			"Files":   rest,
			"Release": object{"Name": name, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
			"Chart":   object{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
			"Template": object{
				"Name":     fmt.Sprint(chart["name"]) + "/" + file,
				"BasePath": fmt.Sprint(chart["name"]) + "/templates",
			},
		}
		if err := root.ExecuteTemplate(&out, file, data); err != nil {
			return nil, err
		}
		rendered[file] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return rendered, nil
}

func functions(root *template.Template, cluster []object) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all["fromYaml"] = func(text string) (object, error) {
		value := object{}
		err := yaml.Unmarshal([]byte(text), &value)
		return value, err
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	all["lookup"] = func(version, kind, namespace, name string) object {
		for _, one := range cluster {
			about, _ := one["metadata"].(object)
			if one["apiVersion"] != version || one["kind"] != kind || about["name"] != name {
				continue
			}
			if in, _ := about["namespace"].(string); in == namespace {
				return one
			}
		}
		return object{}
	}
	return all
}
