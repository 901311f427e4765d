using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>match</c>: what responses to health checks are to be like.</summary>
internal static class HealthMatchDirective
{
    private const int BodyBytesMax = 256 * 1024;

    public static void Read(DirectiveCall call)
    {
        var matches = call.Loader.Draft.Http!.Matches;
        if (matches.ContainsKey(call[1]))
            throw call.Error($"duplicate match \"{call[1]}\"");
        StatusExpectation? status = null;
        var fields = new List<FieldExpectation>();
        var body = new List<BytesTest>();
        call.Loader.ReadLines(line =>
        {
            switch (line.Name)
            {
                case "status":
                    status = status is null ? StatusOf(line) : throw line.Refuse("is duplicate");
                    break;
                case "header":
                    fields.Add(FieldOf(line));
                    break;
                case "body":
                    body.Add(BodyOf(line));
                    break;
                case "require":
                    throw line.Error("\"require\" is not carried out");
                default:
                    throw line.Error($"unknown directive \"{line.Name}\"");
            }
        });
        matches.Add(call[1], new ResponseExpectation { Status = status, Fields = fields, Body = body, BodyBytesMax = BodyBytesMax });
    }

    // status 200 204;  status ! 301 400-599;
    private static StatusExpectation StatusOf(DirectiveCall line)
    {
        var isNegated = line.Count > 0 && line[1] == "!";
        var first = isNegated ? 2 : 1;
        if (line.Count < first)
            throw InvalidNumber(line);
        var ranges = new List<(int, int)>();
        for (var i = first; i <= line.Count; i++)
        {
            var dash = line[i].IndexOf('-');
            var from = Status(line, i, dash < 0 ? line[i] : line[i][..dash]);
            var to = dash < 0 ? from : Status(line, i, line[i][(dash + 1)..]);
            ranges.Add(from <= to ? (from, to) : throw line.Error($"invalid status \"{line[i]}\""));
        }
        return new StatusExpectation(ranges, isNegated);
    }

    private static int Status(DirectiveCall line, int place, string text) =>
        Measures.Number(text) is { } status and >= 100 and <= 999 ? (int)status
            : throw line.Error($"invalid status \"{line[place]}\"");

    // header NAME;  header ! NAME;  header NAME = VALUE;  also !=, ~, !~
    private static FieldExpectation FieldOf(DirectiveCall line) => line.Count switch
    {
        1 => new FieldExpectation(line[1]),
        2 when line[1] == "!" => new FieldExpectation(line[2], IsNegated: true),
        3 => new FieldExpectation(line[1], TestOf(line, 2, out var isNegated), isNegated),
        _ => throw InvalidNumber(line),
    };

    private static BytesTest BodyOf(DirectiveCall line)
    {
        if (line.Count != 2)
            throw InvalidNumber(line);
        if (line[1] is not ("~" or "!~"))
            throw line.InvalidParameter(line[1]);
        var test = TestOf(line, 1, out var isNegated);
        return body => test(body) != isNegated;
    }

    private static BytesTest TestOf(DirectiveCall line, int place, out bool isNegated)
    {
        isNegated = line[place].StartsWith('!');
        var value = Latin1.Bytes(line[place + 1]);
        switch (line[place])
        {
            case "=" or "!=":
                return bytes => bytes.SequenceEqual(value);
            case "~" or "!~":
                return BytePattern.Compile(line[place + 1], ignoreCase: false).IsMatch;
            default:
                throw line.InvalidParameter(line[place]);
        }
    }

    private static ConfigurationException InvalidNumber(DirectiveCall line) =>
        line.Error($"invalid number of arguments in \"{line.Name}\" directive");
}
