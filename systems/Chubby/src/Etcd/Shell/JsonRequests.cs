using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>The messages of a request's body: JSON values one behind the other, taken as they come.</summary>
internal sealed class JsonRequests(PipeReader body, MessageDescriptor type) : IAsyncStreamReader<IMessage>
{
    // Room for the largest message in base64, and more.
    private const int JsonBytesMax = 4 << 20;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly JsonReaderOptions Several = new() { AllowMultipleValues = true };

    public IMessage Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var (end, json) = (buffer.Start, (string?)null);
            try
            {
                if (buffer.Length > JsonBytesMax)
                    EtcdMethods.CheckLength((int)buffer.Length);
                json = TryTake(buffer, result.IsCompleted, ref end);
            }
            finally
            {
                body.AdvanceTo(end, json is null ? buffer.End : end);
            }
            if (json is not null)
            {
                Current = Parse(json);
                return true;
            }
            if (result.IsCompleted)
                return false;
        }
    }

    // One value that is whole, or null.
    private static string? TryTake(ReadOnlySequence<byte> buffer, bool isWhole, ref SequencePosition end)
    {
        try
        {
            var reader = new Utf8JsonReader(buffer, isWhole, new JsonReaderState(Several));
            if (!reader.Read())
                return null;
            var start = reader.TokenStartIndex;
            if (!reader.TrySkip())
                return null;
            end = reader.Position;
            return Encoding.UTF8.GetString(buffer.Slice(start, reader.BytesConsumed - start));
        }
        catch (JsonException e)
        {
            throw Refusal(e);
        }
    }

    private IMessage Parse(string json)
    {
        try
        {
            var message = Parser.Parse(json, type);
            EtcdMethods.CheckLength(message.CalculateSize());
            return message;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            throw Refusal(e);
        }
    }

    private static RpcException Refusal(Exception e) => new(new Status(StatusCode.InvalidArgument, e.Message));
}
