using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>
/// A random run against a plain model of what must hold: every cell ends once, none is with two devices at once, none is
/// lost, and only crashes poison. Seeded loops, so a failure names the seed that repeats it.
/// </summary>
public class SweepStateModelTests
{
    private const long Gib = 1L << 30;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NothingIsLostGivenTwiceOrFinishedTwice(ulong seed) => new Run(seed).ToTheEnd();

    private sealed class Run
    {
        private readonly ulong seed;
        private readonly SeededRandom random;
        private readonly TestSource source;
        private readonly SchedulingOptions options;
        private readonly SweepState state;
        private readonly DeviceInfo[] devices;
        private readonly HashSet<long> finishedBefore;

        // The model.
        private readonly Dictionary<LeaseToken, (Slice Slice, DateTimeOffset ExpiresAt)> live = [];
        private readonly List<Slice> told = [];
        private readonly List<Slice> dead = [];
        private readonly HashSet<long> ended = [];
        private readonly Dictionary<long, int> crashes = [];
        private readonly HashSet<long> poisoned = [];
        private readonly HashSet<long> skipped = [];
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private bool paused;

        public Run(ulong seed)
        {
            this.seed = seed;
            random = SeededRandom.For(seed, "model");
            var size = 1 + random.NextInt64(600);
            source = new TestSource(size)
            {
                Flops = i => SeededRandom.For(seed, "flops", i).NextInt64(50),
                PeakBytes = i => Gib * (double)SeededRandom.For(seed, "bytes", i).NextInt64(10),
                Excluded = i => SeededRandom.For(seed, "excluded", i).NextInt64(5) == 0,
                Refused = i => SeededRandom.For(seed, "refused", i).NextInt64(9) == 0 ? "refused" : null,
                Backend = i => SeededRandom.For(seed, "backend", i).NextInt64(2) == 0 ? "pytorch" : "torchsharp",
            };
            devices = [.. Enumerable.Range(0, 5).Select(d => TestSource.Device(d, Gib * (d % 2 == 0 ? 8 : 4)))];
            options = TestSource.Options with
            {
                Seed = seed,
                Devices = devices.Length,
                MaximumSliceCells = 1 + (int)random.NextInt64(16),
                MaximumCrashes = 1 + (int)random.NextInt64(4),
                LargestDeviceMemoryBytes = 8 * Gib,
            };
            finishedBefore = [.. Cells().Where(_ => random.NextInt64(4) == 0)];
            state = new SweepState(source, options, finishedBefore);
        }

        public void ToTheEnd()
        {
            var drained = false;
            for (var step = 0; step < 20_000 && !drained; step++)
            {
                now += TimeSpan.FromSeconds(random.NextInt64(4));
                drained = Step();
                CheckProgress();
            }

            drained.ShouldBeTrue($"seed {seed}: not drained after 20,000 steps");
            live.ShouldBeEmpty($"seed {seed}: drained with leases in flight");
            var outcomes = finishedBefore.Concat(ended).Concat(poisoned).Concat(skipped).ToList();
            outcomes.Count.ShouldBe(outcomes.Distinct().Count(), $"seed {seed}: a cell ended twice");
            outcomes.Order().ShouldBe(Cells(), $"seed {seed}: cells lost or made up");
            skipped.ShouldAllBe(i => source.Refused(i) != null || source.PeakBytes(i) > 8 * Gib);
        }

        private IEnumerable<long> Cells()
        {
            for (long i = 0; i < source.Size; i++)
            {
                if (!source.Excluded(i))
                {
                    yield return i;
                }
            }
        }

        private bool Step()
        {
            switch (random.NextInt64(20))
            {
                case < 8:
                    return Lease();
                case < 14:
                    Tell();
                    break;
                case < 16:
                    Renew();
                    break;
                case < 17:
                    TellAgain();
                    break;
                case < 18:
                    Expire();
                    break;
                default:
                    paused = random.NextInt64(3) == 0;
                    (paused ? (Action)state.Pause : state.Resume)();
                    break;
            }

            return false;
        }

        private bool Lease()
        {
            var device = devices[random.NextInt64(devices.Length)];
            var answer = state.Lease(device, now);
            foreach (var settlement in answer.Settled)
            {
                settlement.Outcome.ShouldBeOfType<Outcome.Skipped>();
                skipped.Add(settlement.Cell.Index).ShouldBeTrue();
            }

            if (answer is LeaseAnswer.Granted { Slice: var slice })
            {
                paused.ShouldBeFalse();
                slice.Cells.Count.ShouldBeInRange(1, options.MaximumSliceCells);
                var inFlight = live.Values.SelectMany(l => l.Slice.Cells).Select(c => c.Index).ToHashSet();
                foreach (var cell in slice.Cells)
                {
                    inFlight.Add(cell.Index).ShouldBeTrue($"seed {seed}: cell {cell.Index} is given twice at once");
                    IsOver(cell.Index).ShouldBeFalse($"seed {seed}: cell {cell.Index} is over and given again");
                    source.PeakBytes(cell.Index).ShouldBeLessThanOrEqualTo(device.MemoryBytes);
                    (cell.Backend, cell.Threads).ShouldBe((slice.Backend, slice.Threads));
                    if (crashes.TryGetValue(cell.Index, out var count))
                    {
                        (slice.Cells.Count, slice.Attempt).ShouldBe((1, count + 1));
                    }
                }

                live.Add(slice.Token, (slice, now + options.LeaseDuration));
                told.Concat(dead).ShouldNotContain(s => s.Token == slice.Token);
            }

            return answer is LeaseAnswer.Drained;
        }

        private void Tell()
        {
            if (Pick() is not var (slice, expiresAt))
            {
                return;
            }

            List<CellTold> story = [];
            foreach (var cell in slice.Cells)
            {
                switch (random.NextInt64(8))
                {
                    case 0:
                        story.Add(new CellTold.Crashed(cell.Index, "oom", "killed"));
                        break;
                    case 1:
                        story.Add(new CellTold.HandedBack(cell.Index));
                        break;
                    case 2:
                        break;
                    default:
                        story.Add(new CellTold.Ended(cell.Index, new Outcome.Completed()));
                        break;
                }
            }

            var answer = state.Tell(slice.Token, story, now);
            if (now >= expiresAt)
            {
                answer.ShouldBeOfType<TellAnswer.Stale>();
                return;
            }

            live.Remove(slice.Token);
            told.Add(slice);
            List<long> poisonedNow = [];
            foreach (var one in story)
            {
                if (one is CellTold.Ended)
                {
                    ended.Add(one.Index).ShouldBeTrue();
                }
                else if (one is CellTold.Crashed)
                {
                    crashes[one.Index] = crashes.GetValueOrDefault(one.Index) + 1;
                    if (crashes[one.Index] == options.MaximumCrashes)
                    {
                        poisonedNow.Add(one.Index);
                    }
                }
            }

            var settled = answer.ShouldBeOfType<TellAnswer.Accepted>().Settled;
            settled.ShouldAllBe(s => s.Outcome is Outcome.Poisoned);
            settled.Select(s => s.Cell.Index).Order().ShouldBe(poisonedNow.Order());
            poisoned.UnionWith(poisonedNow);
        }

        private void TellAgain()
        {
            if (told.Count > 0)
            {
                var slice = told[(int)random.NextInt64(told.Count)];
                state.Tell(slice.Token, [], now).ShouldBeOfType<TellAnswer.Repeated>();
            }

            if (dead.Count > 0)
            {
                var slice = dead[(int)random.NextInt64(dead.Count)];
                state.Tell(slice.Token, [], now).ShouldBeOfType<TellAnswer.Stale>();
                state.Renew(slice.Token, now).ShouldBeFalse();
            }
        }

        private void Renew()
        {
            if (Pick() is not var (slice, expiresAt))
            {
                return;
            }

            var alive = now < expiresAt;
            state.Renew(slice.Token, now).ShouldBe(alive);
            if (alive)
            {
                live[slice.Token] = (slice, now + options.LeaseDuration);
            }
        }

        private void Expire()
        {
            var expected = live.Values.Where(l => now >= l.ExpiresAt).Select(l => l.Slice).ToList();
            state.Expire(now).ShouldBe(expected.Select(s => s.Token), ignoreOrder: true);
            foreach (var slice in expected)
            {
                live.Remove(slice.Token);
                dead.Add(slice);
            }
        }

        private (Slice Slice, DateTimeOffset ExpiresAt)? Pick() =>
            live.Count == 0 ? null : live.Values.ElementAt((int)random.NextInt64(live.Count));

        private bool IsOver(long index) =>
            ended.Contains(index)
            || poisoned.Contains(index)
            || skipped.Contains(index)
            || finishedBefore.Contains(index);

        private void CheckProgress()
        {
            var progress = state.Progress;
            progress.InFlight.ShouldBe(live.Values.Sum(l => l.Slice.Cells.Count));
            progress.Finished.ShouldBe(finishedBefore.Count + ended.Count + poisoned.Count + skipped.Count);
            progress.Passed.ShouldBe(progress.Finished + progress.Excluded);
            progress.Paused.ShouldBe(paused);
        }
    }
}
