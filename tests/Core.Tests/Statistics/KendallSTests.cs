using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class KendallSTests
{
    [Fact]
    public void TunaDataGiveThePublishedStatistic()
    {
        // Hunter's L and panel scores of canned tuna, Hollander & Wolfe 1973, p. 187; R's ?cor.test prints T = 26
        // concordant pairs of 36 and tau = 0.4444, so S = 2·26 − 36 = 16.
        double[] lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
        double[] score = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
        Array.Sort(lightness, score);

        KendallS.Of(score).ShouldBe(16);
    }

    [Fact]
    public void ATrendHasItsGreatestValueAndTiesCountNothing()
    {
        KendallS.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).ShouldBe(45);
        KendallS.Of([5, 4, 3]).ShouldBe(-3);
        KendallS.Of([1, 1, 2]).ShouldBe(2);
        KendallS.Of([1]).ShouldBe(0);
        KendallS.Of([]).ShouldBe(0);
    }
}
