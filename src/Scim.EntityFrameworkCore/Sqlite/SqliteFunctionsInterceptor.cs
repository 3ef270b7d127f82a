using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>Gives every connection the functions that queries call.</summary>
internal sealed class SqliteFunctionsInterceptor(SchemaRegistry registry) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Register(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Register(connection);
        return Task.CompletedTask;
    }

    private void Register(DbConnection connection) => SqliteScimFunctions.Register((SqliteConnection)connection, registry);
}
