using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Commands in bodies, in pieces of any size.</summary>
public sealed class SsiParserTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a<b><!-- c --><!-x<!<<!--#echo-->d", "a<b><!-- c --><!-x<!<[echo]d")]
    [InlineData("<!--# \n echo var=\"x\"  default='y' -->z", "[echo|var=x|default=y]z")]
    [InlineData("<!--#set var=\"a-->\" value='\"b\\'c'-->", "[set|var=a-->|value=\"b\\'c]")]
    [InlineData("<!--#a b-->c", "{unexpected \"-\" symbol after \"b\" parameter in \"a\" SSI command}c")]
    [InlineData("<!--#a b c=\"d\" -->e", "{unexpected \"c\" symbol after \"b\" parameter in \"a\" SSI command}e")]
    [InlineData("<!--#a b=c -->d", "{unexpected \"c\" symbol before value of \"b\" parameter in \"a\" SSI command}d")]
    [InlineData("<!--#a b=\"c\"d -->e", "{unexpected \"d\" symbol after \"c\" value of \"b\" parameter in \"a\" SSI command}e")]
    [InlineData("<!--#a -x -->b", "{unexpected \"x\" symbol in \"a\" SSI command}b")]
    [InlineData("<!--#a b=\"12345678\" -->c", "[a|b=12345678]c")]
    [InlineData("<!--#a b=\"123456789\" -->c", "{too long \"123456789...\" value of \"b\" parameter in \"a\" SSI command}c")]
    [InlineData("<!--#a123456789012345678901234567890123 -->b",
        "{the \"a1234567890123456789012345678901" + "2...\" SSI command is too long}b")]
    [InlineData("a<!--#echo var=\"", "a")]
    [InlineData("a<!-", "a")]
    public void A_body_is_read_the_same_however_it_is_cut(string body, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(body);
        Assert.Equal(expected, Read(bytes));
        for (var cut = 1; cut < bytes.Length; cut++)
            Assert.Equal(expected, Read(bytes[..cut], bytes[cut..]));
        Assert.Equal(expected, Read([.. bytes.Select(b => new[] { b })]));
    }

    private static string Read(params byte[][] pieces)
    {
        var output = new StringBuilder();
        var parser = new SsiParser(8, why => output.Append($"{{{why}}}"));
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (parser.Read(ref input, out var text) is not SsiToken.None and var token)
            {
                if (token == SsiToken.Text)
                    output.Append(Encoding.Latin1.GetString(text));
                else if (token == SsiToken.Command)
                    output.Append($"[{string.Join('|', [parser.Name, .. parser.Parameters.Select(p => $"{p.Name}={p.Value}")])}]");
            }
        }
        return output.ToString();
    }
}
