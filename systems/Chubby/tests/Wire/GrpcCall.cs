using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Microcosm.Chubby.Tests;

/// <summary>Calls of gRPC made by hand, right and wrong ones.</summary>
internal static class GrpcCall
{
    /// <summary>One message with its head: flag, length, payload.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload, byte flag = 0, int? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? payload.Length);
        payload.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public static HttpClient Client(string endpoint) => new()
    {
        BaseAddress = new Uri("http://" + endpoint),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>What came back: HTTP's status, and gRPC's with its words where there is one.</summary>
    public static async Task<(int Http, int? Grpc, string Message)> AskAsync(
        HttpClient client, string path, byte[] body, string contentType = "application/grpc", Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body), Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        with?.Invoke(request);
        try
        {
            using var response = await client.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            var status = Header(response, "grpc-status");
            return ((int)response.StatusCode, status is null ? null : int.Parse(status, CultureInfo.InvariantCulture),
                Uri.UnescapeDataString(Header(response, "grpc-message") ?? ""));
        }
        catch (HttpRequestException e)
        {
            return (0, null, e.HttpRequestError.ToString());
        }
        catch (HttpIOException e)
        {
            return (0, null, e.HttpRequestError.ToString());
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.First() : null;
}
