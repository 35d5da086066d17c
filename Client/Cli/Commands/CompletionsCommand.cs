using System.CommandLine;

namespace Layerbench.Cli.Commands;

/// <summary>Prints a script that makes a shell complete the command, by asking the command itself (its [suggest] directive).</summary>
internal static class CompletionsCommand
{
    private const string Bash = """
        # layerbench completions for bash; put this into ~/.bashrc:  source <(layerbench completions bash)
        _layerbench() {
            local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT}
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o bashdefault -o default -F _layerbench layerbench
        """;

    private const string Zsh = """
        #compdef layerbench
        # layerbench completions for zsh; put this into ~/.zshrc:  source <(layerbench completions zsh)
        _layerbench() {
            local line="${BUFFER[1,CURSOR]}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            found=(${found:#})
            if (( ${#found} )); then compadd -a found; else _files; fi
        }
        compdef _layerbench layerbench
        """;

    private const string Fish = """
        # layerbench completions for fish; put this into ~/.config/fish/config.fish:  layerbench completions fish | source
        function __layerbench_complete
            set -l line (commandline -cp)
            layerbench "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c layerbench -a '(__layerbench_complete)'
        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new DocumentedCommand(
            "completions",
            "Print a script that makes a shell complete commands, options and values.",
            "source <(layerbench completions bash)",
            "layerbench completions fish | source"
        )
        {
            shell,
        };
        command.SetAction(parsed =>
            terminal.Output.WriteLine(
                parsed.GetValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
            )
        );
        return command;
    }
}
