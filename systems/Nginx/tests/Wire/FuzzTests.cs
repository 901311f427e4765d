using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx.Tests;

/// <summary>
/// A million short configurations and patterns, made of what has a meaning: each is read or refused, none escapes otherwise.
/// </summary>
public class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "events", "http", "server", "location", "if", "map", "geo", "types", "upstream", "stream", "include", "set", "return", "rewrite",
        "listen", "{", "}", "{", "}", ";", ";", ";", " ", " ", "\n", "\"", "'", "\\", "#", "$", "${", "$uri", "$x", "(", ")", "~", "~*",
        "^~", "=", "@a", "/", "/a", "80", "127.0.0.1:80", "[::1]:80", "unix:/s", "on", "off", "1k", "10s", "default", "ranges",
        "10.0.0.0/8", "a-b", "*", "*.a", "x", "(a|b)+", "[a-z]", "(?<n>x)", "\\d", "break", "last", "200", "http://127.0.0.1", "root",
        "gzip", "é", "\0",
    ];

    private static readonly string[] PatternPieces =
    [
        "a", "b", "(", ")", "(?:", "(?<n>", "(?i)", "(?=", "(?<!", "[", "]", "[^", "-", "*", "+", "?", "{2}", "{1,3}", "|", "^", "$", ".",
        "\\d", "\\b", "\\1", "\\", "\\Q", "\\E", "\\x41", "[:alpha:]", "(?#", "(?(1)", "\\k<n>", "\\p{L}", "(?x)", " ", "é",
    ];

    [Fact]
    public void A_configuration_is_read_or_refused()
    {
        var random = new Seed(1).Stream("nginx/conf");
        var counts = (Read: 0, Refused: 0);
        var text = new StringBuilder();
        for (var i = 0; i < 900_000; i++)
        {
            text.Clear().Append(i % 3 == 0 ? "" : i % 3 == 1 ? "events{}http{" : "events{}http{server{");
            for (var n = random.Next(12); n >= 0; n--)
                text.Append(random.Pick(Pieces)).Append(random.Next(3) == 0 ? " " : "");
            text.Append(i % 3 == 0 ? "" : i % 3 == 1 ? "}" : "}}");
            if (IsRead(text.ToString()))
                counts.Read++;
            else
                counts.Refused++;
        }
        Assert.InRange(counts.Read, 1000, 900_000);
        Assert.InRange(counts.Refused, 1000, 900_000);
    }

    [Fact]
    public void A_pattern_is_compiled_or_refused()
    {
        var random = new Seed(2).Stream("nginx/pattern");
        var counts = (Compiled: 0, Refused: 0);
        for (var i = 0; i < 100_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(8)).Select(_ => random.Pick(PatternPieces)));
            try
            {
                new PatternTranslator(text, ignoreCase: false).Translate();
                counts.Compiled++;
            }
            catch (PatternException e)
            {
                Assert.InRange(e.Offset, 0, text.Length);
                counts.Refused++;
            }
        }
        Assert.InRange(counts.Compiled, 1000, 100_000);
        Assert.InRange(counts.Refused, 1000, 100_000);
    }

    private static bool IsRead(string text)
    {
        try
        {
            Conf.Load(text);
            return true;
        }
        catch (ConfigurationException)
        {
            return false;
        }
    }
}
