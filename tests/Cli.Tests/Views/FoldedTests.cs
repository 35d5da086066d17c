using Spectre.Console;

namespace Layerbench.Cli.Tests.Views;

public class FoldedTests
{
    [Fact]
    public void ATableThatDoesNotFitIsWiderThanTheTerminalRatherThanWithoutItsWords()
    {
        var table = new Table().AddColumn(new TableColumn("variant").NoWrap()).AddColumn(new TableColumn("outcome"));
        table.AddRow("ffn.conv1d", "completed");

        Terminal
            .Folded(table, width: 14, colour: false)
            .ShouldBe(Terminal.Text(table, Terminal.Unfolded, colour: false));
        Terminal.Text(table, width: 14, colour: false).ShouldNotContain("completed");
    }

    [Fact]
    public void WordsAreFoldedToTheWidth() =>
        Terminal.Folded(new Text("one two three"), width: 8, colour: false).ShouldBe("one two\nthree\n");
}
