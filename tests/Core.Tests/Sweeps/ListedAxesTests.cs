using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class ListedAxesTests
{
    [Fact]
    public void TheAxesToWhichAFileGivesValuesTellItsPointsApart() =>
        SweepFile
            .ListedAxesOf(
                """
                pass: [forward, training_step]
                dtype: float32
                axes:
                  batch: 8
                  seq_len: {log_range: {from: 16, to: 1024, base: 4}}
                  d_ff: 4*d_model
                  d_model: [64, 128]
                """
            )
            .ShouldBe(["pass", "seq_len", "d_model"]);

    [Fact]
    public void ThoseOfADesignsPointsDoToo() =>
        SweepFile
            .ListedAxesOf(
                """
                axes: {batch: 1}
                design: {list: [{d_model: 64, seq_len: 8}, {d_model: 128, seq_len: 16}]}
                """
            )
            .ShouldBe(["d_model", "seq_len"]);

    [Fact]
    public void AListOfOneValueTellsNoPointsApart() =>
        SweepFile
            .VaryingAxesOf(
                """
                backend: [torchsharp]
                pass: [forward, training_step]
                axes: {batch: [8], d_model: [64, 128]}
                """
            )
            .ShouldBe(["pass", "d_model"]);

    [Fact]
    public void ATextThatIsNoSweepListsNone() => SweepFile.ListedAxesOf("[").ShouldBeEmpty();
}
