using System.Text;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>SASL/PLAIN in Kafka's words.</summary>
public sealed class PlainTests
{
    private static readonly Dictionary<string, string> Users = new() { ["ann"] = "secret", ["zoë"] = "naïve" };

    [Theory]
    [InlineData("\0ann\0secret", "ann")]
    [InlineData("ann\0ann\0secret", "ann")]
    [InlineData("\0zoë\0naïve", "zoë")]
    public void Name_and_password_suffice(string message, string user)
    {
        var step = Step(message);
        Assert.Equal((user, false, null), (step.User, step.HasFailed, step.Error));
        Assert.Empty(step.Answer);
    }

    [Theory]
    [InlineData("\0ann\0wrong", "Authentication failed: Invalid username or password")]
    [InlineData("\0ann\0secret ", "Authentication failed: Invalid username or password")]
    [InlineData("\0bob\0secret", "Authentication failed: Invalid username or password")]
    [InlineData("\0\0secret", "Authentication failed: username not specified")]
    [InlineData("\0ann\0", "Authentication failed: password not specified")]
    [InlineData("bob\0ann\0secret", "Authentication failed: Client requested an authorization id that is different from username")]
    [InlineData("ann\0secret", "Invalid SASL/PLAIN response: expected 3 tokens, got 2")]
    [InlineData("", "Invalid SASL/PLAIN response: expected 3 tokens, got 1")]
    [InlineData("\0ann\0secret\0\0\0", "Invalid SASL/PLAIN response: expected 3 tokens, got 4")]
    public void Anything_else_is_refused(string message, string error)
    {
        var step = Step(message);
        Assert.Equal((null, true, error), (step.User, step.HasFailed, step.Error));
    }

    private static SaslStep Step(string message) => new PlainExchange(Users).Step(Encoding.UTF8.GetBytes(message));
}
