using Layerbench.Core.Access;

namespace Layerbench.Core.Tests.Access;

public class TokenEntryTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void ALineIsReadAsItIsWritten()
    {
        TokenEntry[] entries =
        [
            new("ann", Role.Submit, new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero), Hash),
            new("bob@example", Role.Admin, Expires: null, Hash),
        ];
        entries[0].ToString().ShouldBe($"ann submit 2027-01-31T12:00:00Z {Hash}");

        var (read, errors) = TokenEntry.ParseFile($"# tokens\n\n{entries[0]}\r\n  {entries[1]}\n");

        errors.ShouldBeEmpty();
        read.ShouldBe(entries);
    }

    [Fact]
    public void EverythingThatIsWrongIsNamedWithItsLine()
    {
        var (read, errors) = TokenEntry.ParseFile($"ann submit never {Hash}\nann root tomorrow 12\nann\n");

        read.ShouldBeEmpty();
        errors
            .Select(e => e.Split(';')[0])
            .ShouldBe([
                "line 2: 'root' is no role",
                "line 2: 'tomorrow' is no time",
                "line 2: the last word is not 64 hex digits in lower case",
                "line 3: has 1 words and not 4",
            ]);
    }

    [Fact]
    public void ATokenIs256BitsAndItsHashIsNotItself()
    {
        var token = AccessToken.Of(new byte[AccessToken.Size]);

        token.ShouldBe("lbt_" + new string('A', 43));
        AccessToken.HashOf("test").ShouldBe(Hash);
        Should.Throw<ArgumentException>(() => AccessToken.Of(new byte[16]));
    }

    [Theory]
    [InlineData(Role.View, "ann", false)]
    [InlineData(Role.Submit, "ann", true)]
    [InlineData(Role.Submit, "bob", false)]
    [InlineData(Role.Admin, "bob", true)]
    public void OnlyOwnersAndAdminsMayChange(Role role, string owner, bool may) =>
        new Caller("ann", role).MayChange(owner).ShouldBe(may);
}
