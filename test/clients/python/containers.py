"""Container groups, by azure-mgmt-containerinstance and azure-identity."""

from azure.identity import ClientSecretCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.containerinstance.models import ContainerGroup, Resource


class Subscription:
    def sign_in(self, arm, authority, tenantId, clientId, clientSecret, subscriptionId):
        credential = ClientSecretCredential(
            tenantId, clientId, clientSecret, authority=authority, disable_instance_discovery=True
        )
        self.client = ContainerInstanceManagementClient(
            credential,
            subscriptionId,
            base_url=arm,
            credential_scopes=[f"{arm}/.default"],
            polling_interval=1,
            # A refusal is to be seen at once, not after the client's own attempts.
            retry_total=0,
        )

    def create(self, resourceGroup, name, group):
        groups = self.client.container_groups
        model = ContainerGroup.deserialize(group)
        return groups.begin_create_or_update(resourceGroup, name, model).result()

    def get(self, resourceGroup, name):
        return self.client.container_groups.get(resourceGroup, name)

    def list(self, resourceGroup=None):
        groups = self.client.container_groups
        return list(groups.list_by_resource_group(resourceGroup) if resourceGroup else groups.list())

    def logs(self, resourceGroup, name, container):
        return self.client.containers.list_logs(resourceGroup, name, container)

    def tag(self, resourceGroup, name, tags):
        return self.client.container_groups.update(resourceGroup, name, Resource(tags=tags))

    def stop(self, resourceGroup, name):
        self.client.container_groups.stop(resourceGroup, name)

    def start(self, resourceGroup, name):
        self.client.container_groups.begin_start(resourceGroup, name).result()

    def restart(self, resourceGroup, name):
        self.client.container_groups.begin_restart(resourceGroup, name).result()

    def usages(self, location):
        return list(self.client.location.list_usage(location))

    def delete(self, resourceGroup, name):
        return self.client.container_groups.begin_delete(resourceGroup, name).result()


def methods():
    subscription = Subscription()
    return {
        "containers.signIn": subscription.sign_in,
        "containers.create": subscription.create,
        "containers.get": subscription.get,
        "containers.list": subscription.list,
        "containers.logs": subscription.logs,
        "containers.tag": subscription.tag,
        "containers.stop": subscription.stop,
        "containers.start": subscription.start,
        "containers.restart": subscription.restart,
        "containers.usages": subscription.usages,
        "containers.delete": subscription.delete,
    }
