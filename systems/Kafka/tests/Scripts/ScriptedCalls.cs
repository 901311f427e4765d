using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microcosm.Kafka.Tests.Operations;
using Microcosm.Kafka.Tests.Wire;

namespace Microcosm.Kafka.Tests.Scripts;

/// <summary>
/// Carries out what scripts ask: <c>> Name version {request as JSON}</c>, below it what the broker answers, without what is as in an empty
/// response.
/// <c>"@a,b"</c> for records stands for a batch with these values; <c>$MemberId</c> for the member id that was answered last, and so with
/// every field. Ids, times and addresses are shown by their kind.
/// </summary>
internal sealed partial class ScriptedCalls(RawClient client)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new RecordsConverter() }, UnmappedMemberHandling =
        JsonUnmappedMemberHandling.Disallow };

    private readonly Dictionary<string, string> _answered = new(StringComparer.Ordinal);

    public async Task<string> RunAsync(string request)
    {
        var words = request.Split(' ', 3);
        var (name, version) = (words[0], short.Parse(words[1], CultureInfo.InvariantCulture));
        var text = words.Length > 2 ? words[2] : "{}";
        foreach (var (field, value) in _answered)
            text = text.Replace("$" + field, value, StringComparison.Ordinal);
        var (asking, answering) = (MessageCase.Named(name + "Request"), MessageCase.Named(name + "Response"));
        var message = JsonSerializer.Deserialize(text, asking.Empty().GetType(), Json)!;
        var declared = KafkaOperations.All.ToArray().First(o => o.Declaration.Name == name).Declaration;
        try
        {
            var frame = await client.CallAsync(declared.Key, asking.Encode(message, version), version, version >= declared.FlexibleFrom)
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            var response = answering.DecodeBehindHeader(frame, version);
            var empty = answering.Empty();
            foreach (var property in response.GetType().GetProperties().Where(p => !Equals(p.GetValue(response), p.GetValue(empty))))
                _answered[property.Name] = Convert.ToString(property.GetValue(response), CultureInfo.InvariantCulture) ?? "";
            return Masked(Show(response));
        }
        catch (IOException)
        {
            return "closed";
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text),
        bool flag => flag ? "true" : "false",
        Guid id => id == Guid.Empty ? "none" : "(id)",
        ReadOnlyMemory<byte> bytes => $"({bytes.Length} bytes)",
        IList list => $"[{string.Join(", ", list.Cast<object>().Select(Show))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Fields(value),
    };

    private static string Fields(object message)
    {
        var empty = Activator.CreateInstance(message.GetType())!;
        return "{" + string.Join(", ", message.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0
                && p.GetMethod is { IsStatic: false })
            .Select(p => (p.Name, Value: Show(p.GetValue(message)), Empty: Show(p.GetValue(empty))))
            .Where(p => p.Value != p.Empty).Select(p => $"{p.Name}: {p.Value}")) + "}";
    }

    private static string Masked(string text)
    {
        text = Uuids().Replace(text, "(uuid)");
        return Times().Replace(text, "(time)");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuids();

    [GeneratedRegex(@"\b1[5-9]\d{11}\b")]
    private static partial Regex Times();

    private sealed class RecordsConverter : JsonConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = reader.GetString()!;
            if (!text.StartsWith('@'))
                return Encoding.UTF8.GetBytes(text);
            var builder = new RecordBatchBuilder();
            foreach (var value in text[1..].Split(','))
                builder.Add(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
            return builder.Build();
        }

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
            throw new NotSupportedException("scripts only say what is asked");
    }
}
