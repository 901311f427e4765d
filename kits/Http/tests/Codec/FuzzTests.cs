using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>A million inputs each that are almost right: nothing is thrown, places lie inside, and parts give what the whole
/// gives.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 1_000_000;

    private static readonly string[] Requests =
    [
        "GET /index.html?a=b HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n",
        "POST http://h:80/%2e/x HTTP/1.0\nContent-Length: 3\n\nabc",
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: h\r\na_b\r\n\r\n",
        "\r\nGET / \r\n",
    ];

    private static readonly string[] Responses =
    [
        "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 404\nHTTP/1.0 404\nX:\n\n",
        "HTTP/1.1 503.1 Busy \r\nA: b \r\n\r\n",
    ];

    private static readonly string[] Bodies =
    [
        "5;x=y\r\nhello\r\n0\r\nTrailer: v\r\n\r\n",
        "a\r\n0123456789\r\n1 \r\nx\r\n000;last\r\n\r\n",
        "7fffffffffffffff\r\nx",
        "0\r\n\r\n",
    ];

    [Fact]
    public void Requests_in_parts_are_the_request()
    {
        var (parser, headers) = (new RequestHeadParser(), new HeaderList());
        var (whole, parts) = (new Found(), new Found());
        Run(Requests, (input, split) =>
        {
            parser.Begin(HeadLimits.Default, takesAsterisk: false);
            var status = parser.Parse(input, headers);
            whole.Take(status, parser.Parsed, headers, parser.Line.Target, parser.Line.TargetEnd, input.Length);
            headers.Clear();
            parser.Begin(HeadLimits.Default, takesAsterisk: false);
            var first = parser.Parse(input.AsSpan(0, split), headers);
            if (first == HeadStatus.NeedMore)
                first = parser.Parse(input, headers);
            parts.Take(first, parser.Parsed, headers, parser.Line.Target, parser.Line.TargetEnd, input.Length);
            headers.Clear();
            return whole.Equals(parts);
        });
    }

    [Fact]
    public void Responses_in_parts_are_the_response()
    {
        var (parser, headers) = (new ResponseHeadParser(), new HeaderList());
        var (whole, parts) = (new Found(), new Found());
        Run(Responses, (input, split) =>
        {
            parser.Begin(HeadLimits.Default);
            var status = parser.Parse(input, headers);
            whole.Take(status, parser.Parsed, headers, parser.Line.Code, parser.Line.End, input.Length);
            headers.Clear();
            parser.Begin(HeadLimits.Default);
            var first = parser.Parse(input.AsSpan(0, split), headers);
            if (first == HeadStatus.NeedMore)
                first = parser.Parse(input, headers);
            parts.Take(first, parser.Parsed, headers, parser.Line.Code, parser.Line.End, input.Length);
            headers.Clear();
            return whole.Equals(parts);
        });
    }

    [Fact]
    public void Chunked_bodies_in_parts_are_the_body()
    {
        var trailers = new HeaderList();
        Run(Bodies, (input, split) =>
        {
            var whole = Decode(input, input.Length, trailers);
            var parts = Decode(input, split, trailers);
            return whole == parts;
        });
    }

    private static (BodyResult Result, int Sum, int Taken) Decode(byte[] input, int split, HeaderList trailers)
    {
        var reader = BodyReader.Chunked(HeadLimits.Default, refusesBareLf: true);
        var (sum, taken, end, result) = (0, 0, split, BodyResult.NeedMore);
        while (true)
        {
            ReadOnlySpan<byte> rest = input.AsSpan(taken, end - taken);
            result = reader.Next(ref rest, trailers, out var data);
            foreach (var b in data)
                sum = sum * 31 + b;
            taken = end - rest.Length;
            if (result == BodyResult.Data)
                continue;
            if (result != BodyResult.NeedMore || end == input.Length)
                break;
            end = input.Length;
        }
        trailers.Clear();
        // Where it is invalid, how much was taken depends on the parts.
        return (result, sum, result == BodyResult.Invalid ? 0 : taken);
    }

    private static void Run(string[] seeds, Func<byte[], int, bool> holds)
    {
        var random = new Random(42);
        var alphabet = Encoding.Latin1.GetBytes("\r\n \t:;/.%?#[]0179afzAZ_-\0\x7f\xff*");
        var bytes = seeds.Select(Encoding.Latin1.GetBytes).ToArray();
        for (var i = 0; i < Inputs; i++)
        {
            var seed = bytes[random.Next(bytes.Length)];
            var input = seed.AsSpan(0, random.Next(4) == 0 ? random.Next(1, seed.Length + 1) : seed.Length).ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
                input[random.Next(input.Length)] = alphabet[random.Next(alphabet.Length)];
            if (!holds(input, random.Next(input.Length)))
                Assert.Fail($"input {i}: {Encoding.Latin1.GetString(input)}");
        }
    }

    // What a parser found, in numbers.
    private sealed class Found : IEquatable<Found>
    {
        private readonly List<int> _numbers = [];

        public void Take(HeadStatus status, int parsed, HeaderList headers, int start, int end, int length)
        {
            Assert.InRange(parsed, 0, length);
            _numbers.Clear();
            _numbers.AddRange([(int)status, parsed, start, end]);
            if (status == HeadStatus.NeedMore)
                return;
            for (var i = 0; i < headers.Count; i++)
            {
                var field = headers[i];
                _numbers.AddRange([(int)field.Known, (int)field.Flags, Sum(field.Name), Sum(field.Value)]);
            }
        }

        public bool Equals(Found? other) => other is not null && _numbers.SequenceEqual(other._numbers);

        public override bool Equals(object? obj) => Equals(obj as Found);

        public override int GetHashCode() => _numbers.Count;

        private static int Sum(ReadOnlySpan<byte> bytes)
        {
            var sum = bytes.Length;
            foreach (var b in bytes)
                sum = sum * 31 + b;
            return sum;
        }
    }
}
