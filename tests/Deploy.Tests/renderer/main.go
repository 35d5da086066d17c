// Renders a Helm chart where there is no helm: text/template, sprig and the functions that Helm adds, values checked
// against the chart's schema first, manifests in the order in which Helm installs them.
//
//	renderer CHART [-values FILE]... [-namespace NAME] [-objects FILE] [-notes]
//
// Exit code 1 and the message on stderr where the schema or the chart refuses.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ghodss/yaml"
	"github.com/xeipuuv/gojsonschema"
)

type object = map[string]interface{}

type paths []string

func (p *paths) String() string         { return strings.Join(*p, ",") }
func (p *paths) Set(value string) error { *p = append(*p, value); return nil }

func main() {
	var given paths
	flag.Var(&given, "values", "a file of values, put over the chart's own; may be given several times")
	name := flag.String("name", "trial", "the release's name")
	namespace := flag.String("namespace", "bench", "the release's namespace")
	objects := flag.String("objects", "", "a file of manifests that lookup finds, as on a cluster; none: no cluster")
	notes := flag.Bool("notes", false, "print NOTES.txt and not the manifests")
	flag.Parse()
	text, err := render(flag.Arg(0), given, *name, *namespace, *objects, *notes)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}

func render(chart string, given []string, name, namespace, objects string, notes bool) (string, error) {
	files, err := read(chart)
	if err != nil {
		return "", err
	}
	values, metadata := object{}, object{}
	if err := yaml.Unmarshal(files["values.yaml"], &values); err != nil {
		return "", err
	}
	if err := yaml.Unmarshal(files["Chart.yaml"], &metadata); err != nil {
		return "", err
	}
	for _, path := range given {
		more := object{}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		if err := yaml.Unmarshal(text, &more); err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		put(values, more)
	}
	if err := obey(files["values.schema.json"], values, fmt.Sprint(metadata["name"])); err != nil {
		return "", err
	}
	cluster, err := standing(objects)
	if err != nil {
		return "", err
	}
	rendered, err := execute(files, metadata, values, name, namespace, cluster)
	if err != nil {
		return "", err
	}
	if notes {
		return rendered["templates/NOTES.txt"], nil
	}
	return inOrder(fmt.Sprint(metadata["name"]), rendered), nil
}

// The chart's files by their path in it. Links to folders are followed, as Helm does.
func read(chart string) (map[string][]byte, error) {
	files := map[string][]byte{}
	var walk func(folder, inside string) error
	walk = func(folder, inside string) error {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			path, within := filepath.Join(folder, entry.Name()), filepath.Join(inside, entry.Name())
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			if info.IsDir() {
				err = walk(path, within)
			} else {
				files[within], err = os.ReadFile(path)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return files, walk(chart, "")
}

// Puts values over others: maps are merged, null takes away, anything else replaces.
func put(under, over object) {
	for key, value := range over {
		inner, isMap := value.(object)
		below, wasMap := under[key].(object)
		switch {
		case value == nil:
			delete(under, key)
		case isMap && wasMap:
			put(below, inner)
		default:
			under[key] = value
		}
	}
}

func obey(schema []byte, values object, chart string) error {
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewGoLoader(values))
	if err != nil || result.Valid() {
		return err
	}
	wrong := []string{"values don't meet the specifications of the schema(s) in the following chart(s):", chart + ":"}
	for _, problem := range result.Errors() {
		wrong = append(wrong, "- "+problem.String())
	}
	return fmt.Errorf("%s", strings.Join(wrong, "\n"))
}
