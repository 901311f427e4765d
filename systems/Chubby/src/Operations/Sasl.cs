namespace Microcosm.Chubby;

/// <summary>sasl: DIGEST-MD5, for the users that options name as a JAAS file does; who is none of them loses his connection.</summary>
internal static class Sasl
{
    [ZooKeeperOperation("Sasl", OpCode.Sasl, IsImmediate = true, Since = "3.4", Status = Runtime.OperationStatus.Partial,
        Deviation = "DIGEST-MD5 alone; no Kerberos")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var token = call.Body.Buffer() ?? [];
        var (client, options) = (call.Client, call.Member.Options);
        byte[]? answer = null;
        if (options.SaslUsers.Count > 0 && token.Length == 0)
        {
            client.Sasl = call.Member.Connecting.NewDigest();
            answer = client.Sasl.Challenge();
        }
        else if (client.Sasl?.Answer(token) is { } proof)
        {
            answer = proof;
            var user = client.Sasl.User!;
            client.Identify(new Identity("sasl", user));
            if (user == options.SuperUser)
                client.Identify(new Identity("super", ""));
        }
        if (answer is not null)
        {
            call.Answer(reply => reply.Buffer(answer));
            return;
        }
        call.Member.Counts.AuthFailures++;
        call.Fail(ZooError.AuthFailed);
        client.EndAfterReplies();
    }
}
