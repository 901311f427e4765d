namespace Microcosm.Nginx.Tests;

/// <summary>Passwords of files of users; the hashes are of Apache's htpasswd and openssl.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("password", "$apr1$salt$Xxd1irWT9ycqoYxGFn4cb.", true)]
    [InlineData("passwore", "$apr1$salt$Xxd1irWT9ycqoYxGFn4cb.", false)]
    [InlineData("1", "$apr1$", false)]
    [InlineData("", "$apr1$", false)]
    [InlineData("password", "{PLAIN}password", true)]
    [InlineData("password", "{PLAIN}", false)]
    [InlineData("password", "{SSHA}yI6cZwQadOA1e+/f+T+H3eCQQhRzYWx0", true)]
    [InlineData("1", "{SSHA}_____wQadOA1e+/f+T+H3eCQQhRzYWx0", false)]
    [InlineData("1", "{SSHA}Zm9vCg==", false)]
    [InlineData("password", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", true)]
    public void A_password_is_what_the_file_holds(string password, string known, bool isRight) =>
        Assert.Equal(isRight, PasswordHash.Of(System.Text.Encoding.ASCII.GetBytes(password), known) == known);

    [Fact]
    public void Other_kinds_are_the_systems() => Assert.Null(PasswordHash.Of("password"u8, "$1$salt$"));

    [Theory]
    [InlineData("", false, "")]
    [InlineData("YQ", false, "a")]
    [InlineData("YQ==", false, "a")]
    [InlineData("YWJj", false, "abc")]
    [InlineData("YWJjZA=garbage", false, "abcd")]
    [InlineData("Pz8-", true, "??>")]
    [InlineData("Pz8+", false, "??>")]
    [InlineData("Pz8-", false, null)]
    [InlineData("Y", false, null)]
    [InlineData("Y Q=", false, null)]
    public void Base64_need_not_be_filled_up(string text, bool isUrl, string? decoded) =>
        Assert.Equal(decoded, Base64.Decode(System.Text.Encoding.ASCII.GetBytes(text), isUrl) is { } bytes ? Latin1.Text(bytes) : null);
}
