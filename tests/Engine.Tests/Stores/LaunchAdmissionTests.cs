using Layerbench.Engine.Stores;

namespace Layerbench.Engine.Tests.Stores;

public sealed class LaunchAdmissionTests
{
    private static readonly HeldLaunch arriving = new(
        Number: 1,
        Superseded: false,
        Fingerprint: 10,
        Attempt: 1,
        StartedMicroseconds: 5
    );

    private static readonly HeldLaunch before = arriving with { Number = 0, StartedMicroseconds = 4 };

    [Fact]
    public void TheNextNumberIsNew() => LaunchAdmission.Admit(arriving, [before], cellFinished: false).ShouldBeTrue();

    [Fact]
    public void ARepeatIsNotNew() => LaunchAdmission.Admit(arriving, [before, arriving], false).ShouldBeFalse();

    [Fact]
    public void ARepeatOfOneSetAsideIsNotNewEvenWhereOthersAreKept() =>
        LaunchAdmission
            .Admit(arriving, [arriving with { Superseded = true }, before with { Fingerprint = 11 }], false)
            .ShouldBeFalse();

    [Fact]
    public void ANumberThatIsTakenIsNotNew() =>
        LaunchAdmission.Admit(arriving, [arriving with { Attempt = 2 }], false).ShouldBeFalse();

    [Fact]
    public void ANumberThatWasSetAsideIsFree() =>
        LaunchAdmission.Admit(arriving, [arriving with { Superseded = true, Fingerprint = 11 }], false).ShouldBeTrue();

    [Fact]
    public void AFinishedCellTakesNone() => LaunchAdmission.Admit(arriving, [], cellFinished: true).ShouldBeFalse();

    [Fact]
    public void AnotherFingerprintIsAnError() =>
        Should
            .Throw<InvalidOperationException>(() =>
                LaunchAdmission.Admit(arriving, [before with { Fingerprint = 11 }], cellFinished: false)
            )
            .Message.ShouldBe(
                "has launches under another fingerprint; set them aside with SupersedeAsync before adding new ones"
            );
}
