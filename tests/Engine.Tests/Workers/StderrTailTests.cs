using System.Text;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Workers;

public sealed class StderrTailTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void TheLastBytesAreKeptHoweverTheyCome(int pieceLength)
    {
        var all = string.Concat(Enumerable.Range(0, 40).Select(i => (char)('a' + i % 26)));
        var tail = new StderrTail(capacity: 10);
        for (var at = 0; at < all.Length; at += pieceLength)
        {
            tail.Append(Encoding.UTF8.GetBytes(all.Substring(at, Math.Min(pieceLength, all.Length - at))));
        }

        tail.ToString().ShouldBe(all[^10..]);
    }

    [Fact]
    public void WhatFitsIsKeptWhole()
    {
        var tail = new StderrTail(capacity: 10);
        tail.Append("abc"u8);
        tail.Append("de"u8);
        tail.ToString().ShouldBe("abcde");
    }
}
