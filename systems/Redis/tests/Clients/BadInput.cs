namespace Microcosm.Redis.Tests;

/// <summary>
/// What is not the protocol, or only just: the bytes, what Redis 7.0.15 answers, and whether it closes. Where it goes on, the test has it
/// answer one more PING, so that a case that stalls would show.
/// </summary>
internal static class BadInput
{
    private const string Fault = "-ERR Protocol error: ";
    private const string Multibulk = Fault + "invalid multibulk length\r\n";
    private const string Bulk = Fault + "invalid bulk length\r\n";
    private const string Quotes = Fault + "unbalanced quotes in request\r\n";

    public static (string Sent, string Answer)[] Closing { get; } =
    [
        ("*3000000000\r\n", Multibulk),
        ("*99999999999999999999\r\n", Multibulk),
        ("*-9223372036854775809\r\n", Multibulk),
        ("*x\r\n", Multibulk),
        ("*\r\n", Multibulk),
        ("*1x\r\n", Multibulk),
        ("* 1\r\n", Multibulk),
        ("*+1\r\n$4\r\nPING\r\n", Multibulk),
        ("*01\r\n$4\r\nPING\r\n", Multibulk),
        ("*-0\r\nPING\r\n", Multibulk),
        ("*1\n$4\nPING\n\r\r", Multibulk),
        ("*1\r\nPING\r\n", Fault + "expected '$', got 'P'\r\n"),
        ("*1\r\n+PING\r\n", Fault + "expected '$', got '+'\r\n"),
        ("*1\r\n\u00ff4\r\nPING\r\n", Fault + "expected '$', got '\u00ff'\r\n"),
        ("*2\r\n*1\r\n$4\r\nPING\r\n", Fault + "expected '$', got '*'\r\n"),
        ("*2\r\n$3\r\nGET\r\n\r\n", Fault + "expected '$', got ' '\r\n"),
        ("*1\r\n$-1\r\n", Bulk),
        ("*1\r\n$04\r\nPING\r\n", Bulk),
        ("*1\r\n$+4\r\nPING\r\n", Bulk),
        ("*1\r\n$x\r\n", Bulk),
        ("*1\r\n$4x\r\n", Bulk),
        ("*1\r\n$\r\n", Bulk),
        ("*1\r\n$536870913\r\n", Bulk),
        ("*1\r\n$2147483648\r\n", Bulk),
        ("*1\r\n$99999999999999999999\r\n", Bulk),
        ("SET \"a\r\n", Quotes),
        ("SET 'a'b\r\n", Quotes),
        ("GET \"a\"x\r\n", Quotes),
        // Twice the limit, so that whoever reads in pieces has seen enough whatever the pieces are.
        (new string('x', 131072), Fault + "too big inline request\r\n"),
        ("*" + new string('1', 131072), Fault + "too big mbulk count string\r\n"),
        ("*1\r\n$" + new string('1', 131072), Fault + "too big bulk count string\r\n"),
        // A browser that was tricked: closed without a word, and what came before in the same packet is not answered either.
        ("POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n", ""),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", ""),
        ("Host: evil\r\nPING\r\n", ""),
        ("post\r\nPING\r\n", ""),
        ("*1\r\n$4\r\nPOST\r\n", ""),
    ];

    public static (string Sent, string Answer)[] GoingOn { get; } =
    [
        ("*-1\r\n", ""),
        ("*-10\r\n", ""),
        ("*-2147483649\r\n", ""),
        ("*0\r\n", ""),
        ("\r\n", ""),
        ("   \r\n", ""),
        ("*1\r\n$4\r\nPINGxx", "+PONG\r\n"),
        ("*1\r\n$0\r\n\r\n", "-ERR unknown command '', with args beginning with: \r\n"),
        ("*1\r\n$4\r\nPI\r\n\r\n", "-ERR unknown command 'PI  ', with args beginning with: \r\n"),
        ("$3\r\n", "-ERR unknown command '$3', with args beginning with: \r\n"),
        ("+PING\r\n", "-ERR unknown command '+PING', with args beginning with: \r\n"),
        (":1\r\n", "-ERR unknown command ':1', with args beginning with: \r\n"),
        ("foo\u00ff\u00fe b\u00e9\r\n", "-ERR unknown command 'foo\u00ff\u00fe', with args beginning with: 'b\u00e9' \r\n"),
        ("CONFIG SET n\u00c3\u00a9\u00ff 1\r\n", "-ERR Unknown option or number of arguments for CONFIG SET - 'n\u00c3\u00a9\u00ff'\r\n"),
        ("CLIENT KILL TYPE \u00ff\r\n", "-ERR Unknown client type '\u00ff'\r\n"),
        ("CLIENT KILL USER \u00ff\r\n", "-ERR No such user '\u00ff'\r\n"),
        ("EXPIRE k 1 \u00ff\r\n", "-ERR Unsupported option \u00ff\r\n"),
        ("GET k extra\r\n", "-ERR wrong number of arguments for 'get' command\r\n"),
        ("foo\r\r\n", "-ERR unknown command 'foo', with args beginning with: \r\n"),
        ("f\roo\r\n", "-ERR unknown command 'f', with args beginning with: 'oo' \r\n"),
        ("*1\r\n$300\r\n" + string.Concat(Enumerable.Repeat("a\r\n", 100)) + "\r\n",
            "-ERR unknown command '" + string.Concat(Enumerable.Repeat("a  ", 43))[..128] + "', with args beginning with: \r\n"),
    ];

    /// <summary>Limits that hold until the client has authenticated.</summary>
    public static (string Sent, string Answer)[] ClosingBeforeAuthentication { get; } =
    [
        ("*11\r\n", Fault + "unauthenticated multibulk length\r\n"),
        ("*1048577\r\n", Fault + "unauthenticated multibulk length\r\n"),
        ("*1\r\n$16385\r\n", Fault + "unauthenticated bulk length\r\n"),
        ("*1\r\n$536870913\r\n", Bulk),
        ("POST / HTTP/1.1\r\n", ""),
        (new string('x', 131072), Fault + "too big inline request\r\n"),
    ];

    /// <summary>What waits for more, for good: huge lengths, and whatever a zero byte hides.</summary>
    public static string[] Waiting { get; } =
    [
        "*2147483647\r\n", "*1048577\r\n$", "*1\r\n$536870912\r\n", "*1\r\n+", "*1\r\n\0\r\n", "\0\r\n", "\0PING\r\n", "PI\0NG\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03hello\r\n", new string('x', 65536),
    ];
}
