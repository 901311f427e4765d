using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>auth: shows who the client is, by a digest of user and password. A scheme that there is not ends the connection.</summary>
internal static class Auth
{
    [ZooKeeperOperation("Auth", OpCode.Auth, IsImmediate = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        _ = call.Body.Int();
        var (scheme, credentials) = (call.Body.String(), call.Body.Buffer() ?? []);
        switch (scheme)
        {
            case "digest":
                var digest = Digest(credentials);
                if (digest == call.Member.Options.SuperDigest)
                    call.Client.Identify(new Identity("super", ""));
                call.Client.Identify(new Identity("digest", digest));
                break;
            case "ip":
                break;
            default:
                call.Member.Counts.AuthFailures++;
                call.Fail(ZooError.AuthFailed);
                call.Client.EndAfterReplies();
                break;
        }
    }

    /// <summary><c>user:password</c> as ACLs have it: <c>user:</c> and the SHA-1 of both, in base 64.</summary>
    private static string Digest(byte[] credentials)
    {
        var text = Encoding.UTF8.GetString(credentials);
#pragma warning disable CA5350 // the protocol says SHA-1
        return text.Split(':')[0] + ":" + Convert.ToBase64String(SHA1.HashData(credentials));
#pragma warning restore CA5350
    }
}
