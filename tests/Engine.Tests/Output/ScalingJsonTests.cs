using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Engine.Tests.Stores;

namespace Layerbench.Engine.Tests.Output;

public sealed class ScalingJsonTests
{
    private static readonly ScalingReport Report = new(
        [
            new(
                "seq_len",
                "mix.attention",
                [("dtype", AxisValue.Of("float32"))],
                64,
                256,
                1,
                3,
                new Interval(1.51234567, 1.5, 1.53, 12),
                1.6,
                new Interval(1.8, double.NegativeInfinity, double.PositiveInfinity, 4),
                null,
                0.125
            ),
        ],
        [new("seq_len", "b", "a", [("d_model", AxisValue.Of(64))], 121.5, 96, 170)]
    );

    [Fact]
    public async Task NumbersAreRoundedAndEndsWithoutBoundAreNullInAnyCulture()
    {
        using var scratch = new ScratchFolder();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("")
        {
            NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," },
        };
        try
        {
            await DerivedFiles.WriteScalingAsync(scratch.Path, new SweepId("s-1"), Report);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        var text = await File.ReadAllTextAsync(scratch.File("scaling.json"), TestContext.Current.CancellationToken);
        text.ShouldBe(
            """
            {
              "sweep": "s-1",
              "exponents": [
                {
                  "axis": "seq_len",
                  "variant": "mix.attention",
                  "setting": {
                    "dtype": "float32"
                  },
                  "from": 64,
                  "to": 256,
                  "lines": 1,
                  "cells": 3,
                  "launches": 12,
                  "exponent": 1.51235,
                  "exponent_low": 1.5,
                  "exponent_high": 1.53,
                  "flops_exponent": 1.6,
                  "top_exponent": 1.8,
                  "top_exponent_low": null,
                  "top_exponent_high": null,
                  "top_flops_exponent": null,
                  "misfit": 0.125
                }
              ],
              "crossovers": [
                {
                  "axis": "seq_len",
                  "faster_above": "b",
                  "faster_below": "a",
                  "point": {
                    "d_model": 64
                  },
                  "at": 121.5,
                  "low": 96,
                  "high": 170
                }
              ]
            }
            """
        );
    }
}
