using Layerbench.Engine.Devices;

namespace Layerbench.Engine.Tests.Devices;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("5, 1-2 ,2", new[] { 1, 2, 5 })]
    public void AListIsReadInOrderWithoutRepetition(string text, int[] cpus) => CpuList.TryParse(text).ShouldBe(cpus);

    [Theory]
    [InlineData("")]
    [InlineData("3-1")]
    [InlineData("0-1-2")]
    [InlineData("a")]
    [InlineData("-1")]
    [InlineData("0-99999999")]
    public void WhatIsNoListIsNull(string text) => CpuList.TryParse(text).ShouldBeNull();

    [Theory]
    [InlineData(new[] { 3, 0, 1, 2, 8 }, "0-3,8")]
    [InlineData(new[] { 7 }, "7")]
    [InlineData(new int[0], "")]
    public void TheShortestTextIsWritten(int[] cpus, string text) => CpuList.Format(cpus).ShouldBe(text);
}
