using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx.Tests;

/// <summary>
/// A million short configurations and patterns, made of what has a meaning, and a million PROXY headers: each is read or refused, none
/// escapes otherwise.
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
    public void A_proxy_header_is_read_waited_for_or_refused()
    {
        string[] seeds =
        [
            "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\nGET", "PROXY TCP6 2001:db8::1 2001:db8::2 123 5678\r\n", "PROXY UNKNOWN x\r\n",
            "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0013\u000a\0\0\u0001\u000a\0\0\u0002\0\u0050\u0001\u0002\u0001\0\u0004abcd",
            "\r\n\r\n\0\r\nQUIT\n\u0020\u0011\0\0",
        ];
        var random = new Seed(3).Stream("nginx/proxy-protocol");
        var counts = (Read: 0, Waited: 0, Refused: 0);
        for (var i = 0; i < 1_000_000; i++)
        {
            var seed = Latin1.Bytes(seeds[random.Next(seeds.Length)]);
            var input = random.Next(4) == 0 ? seed[..random.Next(seed.Length + 1)] : seed;
            for (var changes = random.Next(4); changes > 0 && input.Length > 0; changes--)
                input[random.Next(input.Length)] = (byte)random.Next(256);
            var length = ProxyProtocolParser.Read(input, out var header, out var error);
            Assert.InRange(length, 0, input.Length);
            Assert.True(error is null || (length == 0 && header is null));
            counts = error is not null ? counts with { Refused = counts.Refused + 1 }
                : length == 0 ? counts with { Waited = counts.Waited + 1 } : counts with { Read = counts.Read + 1 };
        }
        Assert.True(counts is { Read: > 10_000, Waited: > 10_000, Refused: > 10_000 }, $"{counts}");
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
