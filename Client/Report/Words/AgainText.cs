using Layerbench.Core.Results;

namespace Layerbench.Report.Words;

/// <summary>What to type for the same again where no command line made the sweep: its text was submitted.</summary>
public static class AgainText
{
    /// <summary><c>layerbench run NAME.yaml</c>, and, as a comment of the shell's, where the text of that file is.</summary>
    public static string Of(SweepRecord sweep) =>
        $"layerbench run {sweep.Name}.yaml    # {sweep.Name}.yaml: the sweep's text, as report.html has it";
}
