using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Auth service: the switch, and how to get a token.</summary>
internal static class AuthOperations
{
    private const int TokenLetters = 16;

    [EtcdOperation("AuthEnable", Service = "Auth")]
    public static async Task<IMessage?> Enable(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { AuthEnable = call.Take<AuthEnableRequest>() });

    [EtcdOperation("AuthDisable", Service = "Auth")]
    public static async Task<IMessage?> Disable(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { AuthDisable = call.Take<AuthDisableRequest>() });

    [EtcdOperation("AuthStatus", Service = "Auth")]
    public static async Task<IMessage?> Status(EtcdCall call)
    {
        await call.ReadAsync();
        call.CheckAdmin();
        return new AuthStatusResponse { Header = call.Store.Header(), Enabled = call.Auth.IsEnabled, AuthRevision = call.Auth.Revision };
    }

    [EtcdOperation("Authenticate", Service = "Auth")]
    public static async Task<IMessage?> Authenticate(EtcdCall call)
    {
        var request = call.Take<AuthenticateRequest>();
        await call.ReadAsync();
        var auth = call.Auth;
        if (!auth.IsEnabled)
            throw new EtcdException(EtcdErrors.AuthNotEnabled);
        if (!auth.Users.TryGetValue(request.Name, out var user) || !PasswordHash.Matches(user.Password, request.Password))
            throw new EtcdException(EtcdErrors.AuthFailed);
        if (call.Member.Jwt is { } jwt)
        {
            var signed = jwt.Sign(new Access(user.Name, auth.Revision), call.Member.Context.Clock.GetUtcNow());
            return new AuthenticateResponse { Header = call.Store.Header(), Token = signed };
        }
        var letters = new char[TokenLetters];
        foreach (ref var letter in letters.AsSpan())
            letter = (char)('a' + call.Member.Random.Next(26));
        var grant = new TokenGrant
        {
            Name = user.Name,
            Token = $"{new string(letters)}.{call.Store.AppliedIndex}",
            AuthRevision = auth.Revision,
        };
        return await call.Member.ProposeAsync(new EtcdCommand { TokenGrant = grant }, call.Cancellation);
    }
}
